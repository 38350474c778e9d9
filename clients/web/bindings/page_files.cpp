#include "clients/web/bindings/page_files.h"

#include "clients/core/log/data_keys.h"
#include "events/base/check.h"

#include <algorithm>
#include <utility>

namespace clients::web {

using events::Bytes;
using events::ByteView;
using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr char row_letter = 'F';
constexpr char piece_letter = 'B';
constexpr std::size_t head_bytes = 8;

std::string key_of(char letter, const Digest& sha256) {
  std::string key(1, letter);
  key.append(sha256.bytes.begin(), sha256.bytes.end());
  return key;
}

std::uint32_t number_at(ByteView bytes) {
  std::uint32_t number = 0;
  for (std::size_t index = 4; index > 0; --index) number = (number << 8U) | bytes[index - 1];
  return number;
}

template <class Target>
void append_number(Target& target, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) {
    target.push_back(static_cast<typename Target::value_type>(number >> shift & 0xFFU));
  }
}

Error damaged() { return {ErrorCode::storage_corrupt, "a file of evidence is not what was put"}; }

}  // namespace

std::optional<PageFiles::Here> PageFiles::here(const Digest& sha256) const {
  const Result<std::optional<std::string>> row = rows_.get(key_of(row_letter, sha256));
  if (!row || !*row || (*row)->size() != 5) return std::nullopt;
  const ByteView value = events::bytes_of(**row);
  return Here{value[0] != 0, number_at(value.subspan(1))};
}

Result<void> PageFiles::note(const Digest& sha256, Here here) {
  std::string value(1, here.is_whole ? '\1' : '\0');
  append_number(value, here.size);
  RowBatch batch;
  batch.put(key_of(row_letter, sha256), value);
  return rows_.write(batch);
}

Result<bool> PageFiles::contains(const Digest& sha256) const {
  const std::optional<Here> found = here(sha256);
  return found && found->is_whole;
}

bool PageFiles::is_at_hand(const Digest& sha256) const {
  const std::optional<Here> found = here(sha256);
  if (!found) return true;
  const auto known = under_way_.find(sha256);
  if (known == under_way_.end()) return false;
  return found->is_whole ? known->second.is_given : known->second.hash.has_value();
}

Result<std::optional<Bytes>> PageFiles::read(const Digest& sha256) const {
  const std::optional<Here> found = here(sha256);
  if (!found || !found->is_whole) return std::optional<Bytes>{};
  CHECK(is_at_hand(sha256), "callers look whether a file is at hand");
  const auto given = under_way_.find(sha256);
  std::optional<Bytes> bytes = std::move(given->second.bytes);
  under_way_.erase(given);
  if (!bytes) return damaged();
  return bytes;
}

Result<void> PageFiles::add_piece(const Digest& sha256, std::uint32_t offset, ByteView bytes) {
  const Result<Bytes> sealed = seals_.seal_piece(bytes, place_in_file(sha256, offset));
  if (!sealed) return sealed.error();
  std::string key = key_of(piece_letter, sha256);
  // In the order of the pieces.
  for (int shift = 24; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(offset >> shift & 0xFFU));
  }
  std::string value;
  value.reserve(head_bytes + sealed->size());
  append_number(value, static_cast<std::uint32_t>(bytes.size()));
  append_number(value, static_cast<std::uint32_t>(sealed->size()));
  value.append(sealed->begin(), sealed->end());
  changes_.push_back({RowChange::Kind::put, std::move(key), std::move(value)});
  return {};
}

void PageFiles::drop_pieces(const Digest& sha256) {
  changes_.push_back({RowChange::Kind::erase_range, key_of(piece_letter, sha256), {}});
  under_way_.erase(sha256);
}

Result<void> PageFiles::put(const Digest& sha256, ByteView bytes) {
  if (seals_.is_locked()) return Error{ErrorCode::locked, "the device is locked"};
  drop_pieces(sha256);
  if (Result<void> added = add_piece(sha256, 0, bytes); !added) return added;
  return note(sha256, {true, static_cast<std::uint32_t>(bytes.size())});
}

Result<std::uint32_t> PageFiles::begun(const Digest& sha256) const {
  const std::optional<Here> found = here(sha256);
  return found && !found->is_whole ? found->size : 0;
}

Result<void> PageFiles::append(const Digest& sha256, std::uint32_t offset, ByteView bytes) {
  const Result<std::uint32_t> size = begun(sha256);
  CHECK(size && offset == *size, "callers append where the file ends");
  if (Result<void> added = add_piece(sha256, offset, bytes); !added) return added;
  std::optional<events::Sha256>& hash = under_way_[sha256].hash;
  if (offset == 0) hash.emplace();
  CHECK(hash.has_value(), "callers look whether a file is at hand");
  hash->add(bytes);
  return note(sha256, {false, offset + static_cast<std::uint32_t>(bytes.size())});
}

Result<void> PageFiles::finish(const Digest& sha256) {
  std::optional<events::Sha256>& hash = under_way_[sha256].hash;
  if (!hash || hash->finish() != sha256) {
    if (Result<void> erased = erase(sha256); !erased) return erased;
    return Error{ErrorCode::storage_corrupt, "what was fetched does not have its digest"};
  }
  under_way_.erase(sha256);
  return note(sha256, {true, here(sha256)->size});
}

Result<void> PageFiles::erase(const Digest& sha256) {
  if (!here(sha256)) return {};
  drop_pieces(sha256);
  RowBatch batch;
  batch.erase(key_of(row_letter, sha256));
  if (Result<void> erased = rows_.write(batch); !erased) return erased;
  const Result<std::set<Digest>> left = all();
  if (!left) return left.error();
  // What the browser's disk may keep of erased files stays closed.
  return left->empty() ? seals_.shred_files() : Result<void>{};
}

Result<std::set<Digest>> PageFiles::all() const {
  std::set<Digest> digests;
  const Result<void> seen =
      rows_.each(std::string(1, row_letter), [&](std::string_view key, ByteView) -> Result<void> {
        Digest digest;
        if (key.size() == 1 + digest.bytes.size()) {
          std::copy(key.begin() + 1, key.end(), digest.bytes.begin());
          digests.insert(digest);
        }
        return {};
      });
  if (!seen) return seen.error();
  return digests;
}

Result<Bytes> PageFiles::open(const Digest& sha256, ByteView pieces) const {
  Bytes content;
  while (!pieces.empty()) {
    if (pieces.size() < head_bytes) return damaged();
    const std::uint32_t sealed = number_at(pieces.subspan(4));
    pieces = pieces.subspan(head_bytes);
    if (pieces.size() < sealed) return damaged();
    const Bytes place = place_in_file(sha256, static_cast<std::uint32_t>(content.size()));
    const Result<Bytes> piece = seals_.open_piece(pieces.first(sealed), place);
    if (!piece) return piece.error();
    events::append_bytes(content, *piece);
    pieces = pieces.subspan(sealed);
  }
  const std::optional<Here> found = here(sha256);
  const bool is_whole = found && found->is_whole;
  if (is_whole && events::sha256(content) != sha256) return damaged();
  return content;
}

std::vector<std::string> PageFiles::asked() const {
  std::vector<std::string> names;
  for (const auto& [sha256, file] : under_way_) {
    if (file.is_asked) names.push_back(events::to_hex(sha256.bytes));
  }
  return names;
}

Result<void> PageFiles::give(std::string_view name, ByteView pieces) {
  const auto asked = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& each) {
    return each.second.is_asked && events::to_hex(each.first.bytes) == name;
  });
  if (asked == under_way_.end()) return {};
  const Digest sha256 = asked->first;
  UnderWay& file = asked->second;
  const std::optional<Here> found = here(sha256);
  Result<Bytes> content = open(sha256, pieces);
  if (!content && content.error().code == ErrorCode::locked) return content.error();
  file.is_asked = false;
  if (!found || pieces.empty()) return erase(sha256);
  if (found->is_whole) {
    file.is_given = true;
    if (content) file.bytes = std::move(*content);
    return {};
  }
  // What was fetched of it goes on where it stopped, if it is what was written.
  if (!content || content->size() != found->size) return erase(sha256);
  file.hash.emplace().add(*content);
  return {};
}

void PageFiles::stop_asking() {
  std::erase_if(under_way_, [](const auto& each) { return !each.second.hash; });
}

void PageFiles::forget() { under_way_.clear(); }

}  // namespace clients::web

#include "events/packing/digest_cuts.h"

#include "events/base/ranges.h"
#include "events/log/event.h"

#include <algorithm>
#include <optional>

namespace events {
namespace {

DigestBegin begin_of(const Digest& digest) {
  DigestBegin begin{};
  std::copy_n(digest.bytes.begin(), begin.size(), begin.begin());
  return begin;
}

}  // namespace

std::size_t cut_in(ByteView canonical, ByteView payload, std::span<const Digest> beside) {
  if (beside.empty()) return 0;
  const Result<Event> event = read_event(canonical);
  if (!event) return 0;
  const std::optional<Digest> digest = private_digest_of(event->payload);
  if (!digest || ranges::find(beside, *digest) == beside.end()) return 0;
  const bool is_clear = ranges::all_of(beside, [&](const Digest& each) {
    return each == *digest || begin_of(each) != begin_of(*digest);
  });
  const auto place =
      std::search(payload.begin(), payload.end(), digest->bytes.begin(), digest->bytes.end());
  if (!is_clear || place == payload.end()) return 0;
  return static_cast<std::size_t>(place - payload.begin()) + 1;
}

void write_cut(CompactOutput& archive, ByteView payload, std::size_t cut) {
  if (cut == 0) return archive.write_bytes(payload);
  archive.write_bytes(payload.first(cut - 1));
  archive.write_bytes(payload.subspan(cut - 1 + cut_bytes));
}

DigestBegin digest_begin(ByteView payload, std::size_t cut) {
  DigestBegin begin{};
  ranges::copy(payload.subspan(cut - 1, begin.size()), begin.begin());
  return begin;
}

Bytes made_whole(ByteView payload, std::size_t cut, const DigestBegin& begin,
                 std::span<const Digest> beside) {
  const std::size_t offset = cut - 1;
  if (offset > payload.size()) throw cereal::Exception("a cut digest outside its payload");
  const auto digest = ranges::find(beside, begin, begin_of);
  if (digest == beside.end()) throw RecordMissing("an event names a record that has not come");
  Bytes whole;
  whole.reserve(payload.size() + cut_bytes);
  append_bytes(whole, payload.first(offset));
  append_bytes(whole, digest->bytes);
  append_bytes(whole, payload.subspan(offset));
  return whole;
}

}  // namespace events

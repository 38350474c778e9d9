#include "clients/device/sealed_file.h"

#include "clients/core/log/data_keys.h"
#include "clients/device/disk_error.h"
#include "events/base/check.h"
#include "platform/open_file.h"

#include <boost/endian/conversion.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

namespace clients {

using events::Bytes;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// In front of each piece: its bytes, and the bytes that they are sealed in, little-endian.
constexpr std::size_t head_bytes = 8;

struct PieceHead {
  std::uint32_t size{};
  std::uint32_t sealed_size{};
};

std::optional<PieceHead> next_head(std::ifstream& file) {
  std::array<char, head_bytes> bytes{};
  if (!file.read(bytes.data(), bytes.size())) return std::nullopt;
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  return PieceHead{boost::endian::load_little_u32(data), boost::endian::load_little_u32(data + 4)};
}

}  // namespace

Result<SealedFile::Extent> SealedFile::extent() const {
  if (known_) return *known_;
  std::error_code error;
  const std::uintmax_t on_disk = std::filesystem::file_size(path_, error);
  if (error == std::errc::no_such_file_or_directory) return Extent{};
  if (error) return disk_error(path_, error);
  std::ifstream file(path_, std::ios::binary);
  if (!file.is_open()) return disk_error(path_);
  Extent extent;
  while (const std::optional<PieceHead> head = next_head(file)) {
    const std::uint64_t end = extent.end + head_bytes + head->sealed_size;
    // A crash may leave the length of a piece and zeros in its place; no sealed piece is empty.
    if (head->sealed_size == 0 || end > on_disk) break;
    extent.end = end;
    extent.size += head->size;
    file.seekg(static_cast<std::streamoff>(end));
  }
  known_ = extent;
  return extent;
}

Result<std::uint32_t> SealedFile::size() const {
  const Result<Extent> known = extent();
  if (!known) return known.error();
  return known->size;
}

Result<void> SealedFile::append(std::uint32_t offset, events::ByteView bytes) {
  const Result<Extent> known = extent();
  if (!known) return known.error();
  CHECK(offset == known->size, "callers append where the file ends");
  const Result<Bytes> sealed = keyring_.seal_piece(bytes, place_in_file(sha256_, offset));
  if (!sealed) return sealed.error();
  Bytes record(head_bytes);
  boost::endian::store_little_u32(record.data(), static_cast<std::uint32_t>(bytes.size()));
  boost::endian::store_little_u32(record.data() + 4, static_cast<std::uint32_t>(sealed->size()));
  events::append_bytes(record, *sealed);

  known_.reset();  // Until the piece is there.
  const platform::OpenFile file(path_, O_WRONLY | O_CREAT);
  // What a crash left of a piece must not stand behind this one.
  const bool good = file.is_open() &&
                    ::ftruncate(file.number(), static_cast<off_t>(known->end)) == 0 &&
                    file.write_all_at(record, known->end) && file.sync();
  if (!good) return disk_error(path_);
  known_ =
      Extent{known->end + record.size(), known->size + static_cast<std::uint32_t>(bytes.size())};
  return {};
}

Result<std::optional<Bytes>> SealedFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  if (!file.is_open()) {
    std::error_code error;
    if (!std::filesystem::exists(path_, error)) return std::optional<Bytes>{};
    return disk_error(path_);
  }
  const Result<Extent> known = extent();
  if (!known) return known.error();
  Bytes content;
  Bytes sealed;
  for (std::uint64_t at = 0; at < known->end;) {
    const std::optional<PieceHead> head = next_head(file);
    if (!head) return disk_error(path_);
    sealed.resize(head->sealed_size);
    if (!file.read(reinterpret_cast<char*>(sealed.data()), head->sealed_size))
      return disk_error(path_);
    const auto offset = static_cast<std::uint32_t>(content.size());
    const Result<Bytes> piece = keyring_.open_piece(sealed, place_in_file(sha256_, offset));
    if (!piece) {
      return Error{piece.error().code, path_.string() + ": " + piece.error().message};
    }
    events::append_bytes(content, *piece);
    at += head_bytes + head->sealed_size;
  }
  return std::optional{std::move(content)};
}

}  // namespace clients

#include "events/bundle/bundle_reader.h"

#include "events/archive/compact.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <string>
#include <utility>

namespace events::bundle {
namespace {

/// A length of at most this many bytes: enough for every limit of this format.
constexpr std::size_t length_bytes_max = 4;

Error tampered(const std::string& what) {
  return {ErrorCode::bad_signature, "the bundle was tampered with: " + what};
}

std::size_t bytes_max_of(PartKind kind) {
  return kind == PartKind::trailer ? trailer_bytes_max : block_sealed_bytes_max;
}

/// Decodes a length of which all bytes are there.
Result<std::size_t> length_in(ByteView bytes) {
  try {
    CompactInput archive(bytes);
    return static_cast<std::size_t>(archive.read_varint());
  } catch (const cereal::Exception& exception) {
    return tampered(exception.what());
  }
}

}  // namespace

Result<BundleReader> BundleReader::open(ByteSource& source) {
  const Error no_bundle{ErrorCode::malformed, "this is not a bundle, or it is cut in its header"};
  if (Result<void> rewound = source.rewind(); !rewound) return rewound.error();
  BundleReader reader(source, {});
  Bytes beginning(bundle_magic.size());
  Result<bool> filled = reader.fill(beginning);
  if (!filled) return filled.error();
  if (!*filled || !ranges::equal(beginning, bundle_magic)) return no_bundle;

  Bytes length;
  do {
    const Result<std::optional<std::uint8_t>> byte = reader.read_byte();
    if (!byte) return byte.error();
    if (!*byte || length.size() == length_bytes_max) return no_bundle;
    length.push_back(**byte);
  } while ((length.back() & 0x80U) != 0);
  const Result<std::size_t> size = length_in(length);
  if (!size) return no_bundle;
  if (*size > header_bytes_max) {
    return Error{ErrorCode::too_large, "a bundle header of " + std::to_string(*size) + " bytes"};
  }
  Bytes encoded(*size);
  filled = reader.fill(encoded);
  if (!filled) return filled.error();
  if (!*filled) return no_bundle;
  Result<BundleHeader> header = read_header(encoded);
  if (!header) return header.error();
  reader.header_ = std::move(*header);
  reader.digest_.add(beginning);
  reader.digest_.add(length);
  reader.digest_.add(encoded);
  return reader;
}

Result<std::optional<BundleReader::SealedBlock>> BundleReader::next() {
  if (ending_ != Ending::open) return std::optional<SealedBlock>{};
  Result<std::optional<Part>> part = read_part();
  if (!part) return part.error();
  if (!*part) {
    ending_ = Ending::truncated;
    return std::optional<SealedBlock>{};
  }
  const bool is_trailer = (*part)->kind == PartKind::trailer;
  if (is_trailer != was_last_) return tampered("blocks and trailer are not in their order");
  if (is_trailer) {
    if (Result<void> fits = check_trailer(**part); !fits) return fits.error();
    ending_ = Ending::complete;
    return std::optional<SealedBlock>{};
  }
  digest_.add((*part)->head);
  digest_.add((*part)->bytes);
  ++blocks_;
  was_last_ = (*part)->kind == PartKind::last_block;
  return std::optional<SealedBlock>{SealedBlock{std::move((*part)->bytes), was_last_}};
}

Result<void> BundleReader::check_trailer(const Part& part) {
  const Result<BundleTrailer> trailer = decode<BundleTrailer>(part.bytes);
  if (!trailer) return tampered(trailer.error().message);
  if (trailer->blocks != blocks_ || trailer->digest != digest_.finish()) {
    return tampered("its trailer is another bundle's");
  }
  if (!verify(header_.signer, trailer_statement(*trailer), trailer->signature)) {
    return Error{ErrorCode::bad_signature, "the trailer of the bundle is not its signer's"};
  }
  const Result<std::optional<std::uint8_t>> more = read_byte();
  if (!more) return more.error();
  if (*more) return tampered("bytes follow its end");
  return {};
}

Result<std::optional<BundleReader::Part>> BundleReader::read_part() {
  const std::optional<Part> cut;
  Part part;
  for (;;) {
    const Result<std::optional<std::uint8_t>> byte = read_byte();
    if (!byte) return byte.error();
    if (!*byte) return cut;
    part.head.push_back(**byte);
    if (part.head.size() == 1) {
      if (**byte < 1 || **byte > 3) return tampered("a part of an unknown kind");
      continue;
    }
    if ((**byte & 0x80U) == 0) break;
    if (part.head.size() > length_bytes_max) return tampered("a length without an end");
  }
  part.kind = static_cast<PartKind>(part.head.front());
  const Result<std::size_t> size = length_in(ByteView(part.head).subspan(1));
  if (!size) return size.error();
  if (*size > bytes_max_of(part.kind)) {
    return Error{ErrorCode::too_large, "a part of " + std::to_string(*size) + " bytes"};
  }
  part.bytes.resize(*size);
  const Result<bool> filled = fill(part.bytes);
  if (!filled) return filled.error();
  if (!*filled) return cut;
  return std::optional<Part>{std::move(part)};
}

Result<std::optional<std::uint8_t>> BundleReader::read_byte() {
  Bytes one(1);
  const Result<bool> filled = fill(one);
  if (!filled) return filled.error();
  return *filled ? std::optional<std::uint8_t>{one.front()} : std::optional<std::uint8_t>{};
}

Result<bool> BundleReader::fill(Bytes& bytes) {
  const Result<std::size_t> size = source_->read(bytes);
  if (!size) return size.error();
  bytes_read_ += *size;
  return *size == bytes.size();
}

}  // namespace events::bundle

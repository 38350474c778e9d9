#include "events/bundle/bundle_header.h"

#include <string>

namespace events::bundle {

Bytes header_statement(const BundleHeader& header) {
  BundleHeader unsigned_header = header;
  unsigned_header.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-courier-header-1"));
  CompactOutput archive(statement);
  archive(unsigned_header);
  return statement;
}

Digest header_digest(const BundleHeader& header) { return sha256(encode(header)); }

Result<BundleHeader> read_header(ByteView bytes) {
  try {
    CompactInput archive(bytes);
    std::uint16_t version = 0;
    archive(version);
    if (version != bundle_version) {
      return Error{ErrorCode::unsupported, "a bundle of version " + std::to_string(version)};
    }
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("bundle header: ") + exception.what()};
  }
  Result<BundleHeader> header = decode<BundleHeader>(bytes);
  if (!header) return header;
  if (header->direction != Direction::to_server && header->direction != Direction::to_device) {
    return Error{ErrorCode::malformed, "a bundle that goes nowhere"};
  }
  if (!verify(header->signer, header_statement(*header), header->signature)) {
    return Error{ErrorCode::bad_signature, "the header of the bundle is not signed by its signer"};
  }
  return header;
}

Bytes trailer_statement(const BundleTrailer& trailer) {
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-courier-trailer-1"));
  CompactOutput archive(statement);
  archive(trailer.blocks, trailer.digest);
  return statement;
}

}  // namespace events::bundle

#include "events/bundle/bundle_writer.h"

#include "events/archive/compact.h"
#include "events/base/check.h"

#include <utility>

namespace events::bundle {

Result<BundleWriter> BundleWriter::begin(BundleHeader header, const SealingKey& recipient,
                                         const SealingSecret& ephemeral, const SigningKey& key,
                                         ByteSink sink) {
  const auto sign = [&key](ByteView statement) -> Result<Signature> { return key.sign(statement); };
  return begin(std::move(header), recipient, ephemeral, key.public_key(), sign, std::move(sink));
}

Result<BundleWriter> BundleWriter::begin(BundleHeader header, const SealingKey& recipient,
                                         const SealingSecret& ephemeral, const PublicKey& signer,
                                         SignStatement sign, ByteSink sink) {
  header.signer = signer;
  header.recipient = sealing_key_id(recipient);
  header.ephemeral = sealing_key_of(ephemeral);
  const Result<Signature> signature = sign(header_statement(header));
  if (!signature) return signature.error();
  header.signature = *signature;
  Result<SealedStream> stream = SealedStream::to(recipient, ephemeral, header_digest(header));
  if (!stream) return stream.error();

  const Bytes encoded = encode(header);
  CHECK(encoded.size() <= header_bytes_max, "a header has a few fields of fixed size");
  Bytes beginning(bundle_magic.begin(), bundle_magic.end());
  CompactOutput archive(beginning);
  archive.write_varint(encoded.size());
  archive.write_bytes(encoded);
  BundleWriter writer(std::move(header), *stream, std::move(sign), std::move(sink));
  if (Result<void> written = writer.write(beginning); !written) return written.error();
  return writer;
}

Result<void> BundleWriter::add(ByteView frames) {
  CHECK(frames.size() <= block_plain_bytes_max, "a block holds what a message holds");
  if (waiting_.size() + frames.size() > block_plain_bytes_max) {
    if (Result<void> written = write_block(false); !written) return written;
  }
  append_bytes(waiting_, frames);
  return {};
}

Result<void> BundleWriter::finish() {
  if (Result<void> written = write_block(true); !written) return written;
  BundleTrailer trailer{.blocks = blocks_, .digest = digest_.finish(), .signature = {}};
  const Result<Signature> signature = sign_(trailer_statement(trailer));
  if (!signature) return signature.error();
  trailer.signature = *signature;
  return write_part(PartKind::trailer, encode(trailer));
}

Result<void> BundleWriter::write_block(bool is_last) {
  const Bytes plain = std::exchange(waiting_, {});
  ++blocks_;
  return write_part(is_last ? PartKind::last_block : PartKind::block, stream_.seal(plain, is_last));
}

Result<void> BundleWriter::write_part(PartKind kind, ByteView bytes) {
  Bytes head;
  CompactOutput archive(head);
  archive.write_byte(static_cast<std::uint8_t>(kind));
  archive.write_varint(bytes.size());
  if (Result<void> written = write(head); !written) return written;
  return write(bytes);
}

Result<void> BundleWriter::write(ByteView bytes) {
  digest_.add(bytes);
  bytes_written_ += bytes.size();
  return sink_(bytes);
}

}  // namespace events::bundle

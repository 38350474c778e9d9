#include "events/bundle/bundle_opening.h"

#include <string>
#include <utility>

namespace events::bundle {

Result<BundleOpener> BundleOpener::open(ByteSource& source, const SealingSecret& secret) {
  Result<BundleReader> reader = BundleReader::open(source);
  if (!reader) return reader.error();
  const BundleHeader& header = reader->header();
  if (header.recipient != sealing_key_id(sealing_key_of(secret))) {
    return Error{ErrorCode::not_permitted, "the bundle is sealed to another key"};
  }
  const Result<SealedStream> stream =
      SealedStream::from(header.ephemeral, secret, header_digest(header));
  if (!stream) return stream.error();
  return BundleOpener(std::move(*reader), *stream);
}

Result<std::optional<Bytes>> BundleOpener::next() {
  const Result<std::optional<BundleReader::SealedBlock>> block = reader_.next();
  if (!block) return block.error();
  if (!*block) return std::optional<Bytes>{};
  Result<Bytes> frames = stream_.open((*block)->sealed, (*block)->is_last);
  if (frames) return std::optional<Bytes>{std::move(*frames)};
  return Error{frames.error().code, "block " + std::to_string(reader_.blocks()) +
                                        " of the bundle: " + frames.error().message};
}

Result<OpenedBundle> open_bundle(ByteSource& source, const SealingSecret& secret,
                                 const OnBlock& on_block) {
  Result<BundleOpener> opener = BundleOpener::open(source, secret);
  if (!opener) return opener.error();
  for (;;) {
    const Result<std::optional<Bytes>> frames = opener->next();
    if (!frames) return frames.error();
    if (!*frames) return OpenedBundle{opener->header(), opener->ending(), opener->blocks()};
    if (!on_block) continue;
    if (Result<void> taken = on_block(**frames); !taken) return taken.error();
  }
}

}  // namespace events::bundle

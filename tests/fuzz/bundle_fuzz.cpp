// Whatever lies on a stick: it is refused with a reason, or its blocks are those that were sealed.
// The first byte says whether the rest is a whole file, or the parts behind a sound header.

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/bundle/bundle_opening.h"
#include "events/bundle/bundle_writer.h"
#include "events/protocol/frame_codec.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using namespace events;

SealingSecret secret_of(std::uint8_t byte) {
  SealingSecret secret;
  secret.bytes.fill(byte);
  return secret;
}

const SealingSecret& recipient() {
  static const SealingSecret secret = secret_of(0x51);
  return secret;
}

/// Magic, length and header of a sound bundle.
const Bytes& sound_beginning() {
  static const Bytes beginning = [] {
    SecretSeed seed;
    seed.bytes.fill(7);
    const SigningKey key = SigningKey::from_seed(seed);
    bundle::BundleHeader header;
    header.direction = bundle::Direction::to_server;
    Bytes written;
    const auto writer = bundle::BundleWriter::begin(
        header, sealing_key_of(recipient()), secret_of(0x52), key, [&](ByteView bytes) {
          append_bytes(written, bytes);
          return Result<void>();
        });
    CHECK(writer.has_value(), "a sound key is sealed to");
    return written;
  }();
  return beginning;
}

void open(ByteView file) {
  bundle::MemorySource source(file);
  const Result<bundle::OpenedBundle> opened =
      bundle::open_bundle(source, recipient(), [](ByteView frames) {
        static_cast<void>(protocol::read_frames(frames));
        return Result<void>();
      });
  if (opened) {
    CHECK(opened->ending != bundle::Ending::open, "a bundle is read to its end");
    return;
  }
  const ErrorCode code = opened.error().code;
  CHECK(code == ErrorCode::malformed || code == ErrorCode::too_large ||
            code == ErrorCode::unsupported || code == ErrorCode::bad_signature ||
            code == ErrorCode::not_permitted,
        "these are the only ways to refuse a bundle");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  if (data[0] == 0) {
    open(rest);
    if (const auto header = decode<bundle::BundleHeader>(rest)) {
      const Bytes again = encode(*header);
      CHECK(again.size() == rest.size() && std::equal(again.begin(), again.end(), rest.begin()),
            "a header has one encoding");
    }
  } else {
    Bytes file = sound_beginning();
    append_bytes(file, rest);
    open(file);
  }
  return 0;
}

#pragma once

#include "events/bundle/bundle_opening.h"
#include "events/bundle/bundle_writer.h"
#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <vector>

namespace events::bundle::test {

inline SealingSecret a_secret(std::uint8_t byte) {
  SealingSecret secret;
  secret.bytes.fill(byte);
  return secret;
}
inline const SealingSecret server_secret = a_secret(0x51);
inline const SealingSecret ephemeral_secret = a_secret(0x52);
inline const SealingSecret device_secret = a_secret(0x53);

/// The header of a bundle from the device of the golden files.
inline BundleHeader a_header() {
  BundleHeader header;
  header.direction = Direction::to_server;
  header.log = test_support::a_log;
  header.chain = test_support::a_chain;
  header.created = Timestamp{test_support::a_moment.value + 7'200'000};
  header.contact = {test_support::a_moment, Timestamp{test_support::a_moment.value - 2'000}};
  header.cursor = {Epoch{1}, Position{1}, 42};
  header.first_seq = 1;
  header.last_seq = 3;
  header.reply_to = sealing_key_of(device_secret);
  return header;
}

/// A bundle of these blocks of frames, sealed to the server.
inline Bytes make_bundle(const std::vector<Bytes>& blocks, const BundleHeader& header = a_header(),
                         const SealingKey& recipient = sealing_key_of(server_secret)) {
  Bytes bundle;
  const SigningKey key = test_support::a_key();
  auto writer = BundleWriter::begin(header, recipient, ephemeral_secret, key, [&](ByteView bytes) {
    append_bytes(bundle, bytes);
    return Result<void>();
  });
  EXPECT_TRUE(writer);
  for (const Bytes& block : blocks) EXPECT_TRUE(writer->add(block));
  EXPECT_TRUE(writer->finish());
  return bundle;
}

/// Opens a bundle and joins what its blocks hold.
struct Opened {
  Result<OpenedBundle> bundle;
  Bytes frames;
};
inline Opened open_all(ByteView bytes, const SealingSecret& secret = server_secret) {
  MemorySource source(bytes);
  Bytes frames;
  Result<OpenedBundle> bundle = open_bundle(source, secret, [&](ByteView block) {
    append_bytes(frames, block);
    return Result<void>();
  });
  return {std::move(bundle), std::move(frames)};
}

}  // namespace events::bundle::test

#include "events/archive/compact.h"
#include "events/crypto/serialize.h"
#include "events/log/stored_event.h"
#include "events/packing/compression.h"
#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"
#include "tests/support/example_session.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace events {
namespace {

using test_support::an_event;
using test_support::example_session;
using test_support::ExampleSession;
using test_support::expect_golden;

// A log written today must be readable, and its hashes must hold, when nobody here is left.
TEST(LogFormatGolden, EventsOfEachFamilyKeepTheirBytes) {
  struct Golden {
    const char* name;
    Payload payload;
  };
  const std::vector<Golden> families = {
      {"founding", test_support::a_founding()},
      {"unit", test_support::a_commune()},
      {"criteria", test_support::a_criteria_set()},
      {"cycle", test_support::a_cycle()},
      {"access", test_support::a_role()},
      {"person", test_support::a_person()},
      {"dossier", test_support::a_score_sheet()},
      {"review", test_support::a_meeting()},
      {"decision", test_support::a_decision()},
      {"grant", test_support::a_grant()},
      {"restored", LogRestored{Position{196'204}, Position{196'234}, Epoch{1}, Epoch{2}}},
      {"sealing",
       SealingKeyPublished{sealing_key_of(SealingSecret{test_support::a_digest(0x51).bytes})}},
      {"purge", ScopePurged{DeviceId{EventId{ChainNumber{1}, 5}},
                            Position{9},
                            {test_support::commune},
                            3,
                            test_support::a_digest(4),
                            {}}},
      {"attachment", test_support::an_attachment()},
      {"stored_file", test_support::a_stored_file()},
      {"hold", HoldRefused{Position{12}, test_support::a_refusal()}},
  };
  for (const Golden& golden : families) {
    expect_golden(std::string("log_format/event_") + golden.name + ".hex",
                  an_event(golden.payload, 70).canonical);
  }
}

// Every kind once, so that no field of any kind moves unnoticed.
TEST(LogFormatGolden, EveryKindKeepsItsBytes) {
  Bytes together;
  for (const Payload& payload : test_support::one_of_each_kind()) {
    append_bytes(together, an_event(payload, 70).canonical);
  }
  expect_golden("log_format/every_kind.sha256.hex", sha256(together).bytes);
}

// Signatures already given must verify, and proofs already handed out must hold, for ever.
TEST(LogFormatGolden, BlocksAndTreeKeepTheirBytes) {
  const ExampleSession session = example_session();
  expect_golden("log_format/private_record.hex", encode(session.person));
  expect_golden("log_format/device_block.hex", encode_device_block(session.pushed));
  expect_golden("log_format/stored_block.hex", encode_stored_block(session.own));

  Bytes leaf;
  write_leaf(stored_events(session.own)->front(), leaf);
  expect_golden("log_format/leaf.hex", leaf);
  expect_golden("log_format/leaf_hash.hex", leaf_hash(leaf).bytes);
  expect_golden("log_format/root.hex", session.frontier.root().bytes);
  expect_golden("log_format/frontier.hex", session.frontier.encode());
}

// The frames of a device in a drawer for two years must still be understood.
TEST(ProtocolGolden, FramesKeepTheirBytes) {
  for (const auto& frame : example_session().frames) {
    expect_golden("protocol/" + frame.name + ".hex", protocol::encode_frame(frame.message));
  }
}

// A bundle from years ago was compressed by another version of the compressor, with the dictionary
// of its day: its bytes must be read for ever, though nobody writes them any more.
TEST(ProtocolGolden, CompressedBlocksAreRead) {
  const DeviceBlock pushed = test_support::a_device_block(20);
  const auto hash_before = [&](const DeviceBlock&) -> Result<Digest> { return pushed.previous; };
  const Result<DeviceBlock> read = unpack_device_block(
      test_support::golden_bytes("protocol/block_compressed_1.hex"), hash_before);
  ASSERT_TRUE(read) << read.error().message << "; packed now: " << to_hex(pack_block(pushed));
  EXPECT_EQ(to_hex(encode_device_block(*read)), to_hex(encode_device_block(pushed)))
      << "packed now: " << to_hex(pack_block(pushed));
  EXPECT_EQ(to_hex(sha256(dictionary_bytes(1)).bytes),
            "21e16a6e08f3d8ac616010e97f7c5c73207f65b7b8d10465c366ea4c072fc0d7");
}

// A file that no test reads is not frozen.
TEST(Golden, EveryFileIsReproduced) {
  std::size_t files = 0;
  for (const char* folder : {"log_format", "protocol"}) {
    const std::filesystem::path path =
        std::filesystem::path(KHUYENHOC_SOURCE_DIR) / "tests/golden" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".hex") ++files;
    }
  }
  EXPECT_EQ(files, 16U + 1U + 7U + 28U + 4U + 1U + 9U)
      << "add the file to a test above, then count it here";
}

}  // namespace
}  // namespace events

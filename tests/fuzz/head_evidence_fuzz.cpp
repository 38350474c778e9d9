// Checkpoints come on paper, in messages and in files of other devices; statements come from
// servers that may lie.  Whatever they are, they are refused with a reason, or say one thing.

#include "events/base/check.h"
#include "events/protocol/head_evidence.h"
#include "events/protocol/signed_head.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace events;
  using namespace events::protocol;
  const ByteView bytes(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const Result<HeadEvidence> evidence = read_checkpoint_text(text)) {
    const Result<HeadEvidence> again = read_checkpoint_text(checkpoint_text(*evidence));
    CHECK(again && *again == *evidence, "a checkpoint reads back as it was written");
    CHECK(evidence->statement.size() <= head_statement_bytes_max, "a statement is bounded");
    PublicKey key;
    key.bytes.fill(3);
    CHECK(!check_evidence(*evidence, key), "nobody has the key of this number");
  }
  if (const Result<SignedHead> head = read_head_statement(bytes)) {
    const Bytes again = head_statement(*head);
    CHECK(again == Bytes(bytes.begin(), bytes.end()), "a statement has one encoding");
    const Result<HeadClaim> claim = read_claim(bytes);
    CHECK(claim && claim->position == head->position && claim->root == head->root,
          "whoever reads the statement reads the same head");
  } else {
    (void)read_claim(bytes);
  }
  return 0;
}

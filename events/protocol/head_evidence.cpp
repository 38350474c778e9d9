#include "events/protocol/head_evidence.h"

#include "events/archive/compact.h"
#include "events/base/ranges.h"
#include "events/crypto/base64url.h"

#include <algorithm>
#include <iterator>

namespace events::protocol {
namespace {

constexpr std::string_view text_prefix = "KHM1";

}  // namespace

HeadEvidence evidence_of(const SignedHead& head) { return {head_statement(head), head.signature}; }

Result<HeadClaim> read_claim(ByteView statement) {
  const Result<SignedHead> head = read_head_statement(statement);
  if (!head) return head.error();
  return HeadClaim{head->log, head->epoch, head->position, head->root};
}

Result<HeadClaim> check_evidence(const HeadEvidence& evidence, const PublicKey& server_key) {
  if (!verify(server_key, evidence.statement, evidence.signature)) {
    return Error{ErrorCode::bad_signature, "a statement that the log's key did not sign"};
  }
  return read_claim(evidence.statement);
}

std::string checkpoint_text(const HeadEvidence& evidence) {
  return std::string(text_prefix) + to_base64url(encode(evidence));
}

Result<HeadEvidence> read_checkpoint_text(std::string_view text) {
  std::string bare;
  ranges::copy_if(text, std::back_inserter(bare), [](char letter) {
    return letter != ' ' && letter != '\n' && letter != '\r' && letter != '\t';
  });
  if (!bare.starts_with(text_prefix)) {
    return Error{ErrorCode::malformed, "a checkpoint begins with KHM1"};
  }
  const Result<Bytes> bytes = from_base64url(std::string_view(bare).substr(text_prefix.size()));
  if (!bytes) return bytes.error();
  return decode<HeadEvidence>(*bytes);
}

}  // namespace events::protocol

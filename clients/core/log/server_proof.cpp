#include "clients/core/log/server_proof.h"

#include "events/protocol/greeting_proof.h"

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

Result<void> ServerProof::take(const protocol::Welcome& welcome,
                               const events::PublicKey& server_key) {
  const events::Digest greeting = protocol::greeting_digest(hello_);
  if (!protocol::is_authentic(welcome, server_key, greeting, binding_)) {
    return Error{ErrorCode::unproved_server, "the server did not prove that it has the log's key"};
  }
  challenge_ = protocol::challenge_of(welcome);
  is_given_ = true;
  return {};
}

events::Bytes ServerProof::statement_of(const protocol::Welcome& welcome) const {
  return protocol::welcome_statement(welcome, protocol::greeting_digest(hello_), binding_);
}

Result<void> ServerProof::append_answer(std::vector<protocol::Message>& frames,
                                        const Signer& signer) const {
  if (!challenge_) return {};
  const Result<events::Signature> signature = signer.sign(protocol::answer_statement(
      hello_.log, hello_.chain, *challenge_, protocol::greeting_digest(hello_)));
  if (!signature) return signature.error();
  frames.push_back(protocol::Answer{*challenge_, *signature});
  return {};
}

}  // namespace clients

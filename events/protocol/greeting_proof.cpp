#include "events/protocol/greeting_proof.h"

#include "events/archive/compact.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <string_view>

namespace events::protocol {
namespace {

/// `label` ‖ `greeting` ‖ the compact form of `answer` with a zero signature ‖ the binding.
template <class T>
Bytes statement_of(std::string_view label, const Digest& greeting, T answer,
                   const std::optional<ChannelBinding>& binding) {
  answer.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of(label));
  append_bytes(statement, greeting.bytes);
  CompactOutput archive(statement);
  archive(answer);
  if (binding) append_bytes(statement, binding->bytes);
  return statement;
}

}  // namespace

Digest greeting_digest(const Hello& hello) { return sha256(encode(hello)); }
Digest greeting_digest(const Enrol& enrol) { return sha256(encode(enrol)); }
Digest greeting_digest(const NewChain& request) { return sha256(encode(request)); }

Bytes welcome_statement(const Welcome& welcome, const Digest& greeting,
                        const std::optional<ChannelBinding>& binding) {
  return statement_of("khuyenhoc-welcome-1", greeting, welcome, binding);
}

void sign(Welcome& welcome, const SigningKey& server_key, const Digest& greeting,
          const std::optional<ChannelBinding>& binding) {
  welcome.signature = server_key.sign(welcome_statement(welcome, greeting, binding));
}

bool is_authentic(const Welcome& welcome, const PublicKey& server_key, const Digest& greeting,
                  const std::optional<ChannelBinding>& binding) {
  return verify(server_key, welcome_statement(welcome, greeting, binding), welcome.signature);
}

Bytes enrolled_statement(const Enrolled& enrolled, const Digest& request,
                         const std::optional<ChannelBinding>& binding) {
  return statement_of("khuyenhoc-enrolled-1", request, enrolled, binding);
}

void sign(Enrolled& enrolled, const SigningKey& server_key, const Digest& request,
          const std::optional<ChannelBinding>& binding) {
  enrolled.signature = server_key.sign(enrolled_statement(enrolled, request, binding));
}

bool is_authentic(const Enrolled& enrolled, const Digest& request,
                  const std::optional<ChannelBinding>& binding) {
  return verify(enrolled.server_key, enrolled_statement(enrolled, request, binding),
                enrolled.signature);
}

Bytes answer_statement(LogId log, ChainNumber chain, const Challenge& challenge,
                       const Digest& greeting) {
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-answer-1"));
  CompactOutput archive(statement);
  archive(log, chain, challenge, greeting);
  return statement;
}

Answer sign_answer(const Hello& hello, const Challenge& challenge, const SigningKey& key) {
  const Bytes statement =
      answer_statement(hello.log, hello.chain, challenge, greeting_digest(hello));
  return {challenge, key.sign(statement)};
}

bool is_authentic(const Answer& answer, const Hello& hello, const PublicKey& key) {
  const Bytes statement =
      answer_statement(hello.log, hello.chain, answer.challenge, greeting_digest(hello));
  return verify(key, statement, answer.signature);
}

std::optional<Challenge> challenge_of(const Welcome& welcome) {
  if (welcome.challenge.size() != challenge_size) return std::nullopt;
  Challenge challenge{};
  ranges::copy(welcome.challenge, challenge.begin());
  return challenge;
}

}  // namespace events::protocol

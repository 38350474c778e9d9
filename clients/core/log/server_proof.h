#pragma once

#include "clients/core/log/signer.h"
#include "events/base/result.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <optional>
#include <vector>

namespace clients {

/// Whether whoever answered a greeting holds the key of the log.
///
/// State: the greeting; whether WELCOME has proved it; the challenge to be answered.
/// Thread: one at a time.
class ServerProof {
 public:
  /// This goes out, over a connection with this binding.
  void greet(const events::protocol::Hello& hello,
             const std::optional<events::protocol::ChannelBinding>& binding) {
    hello_ = hello;
    binding_ = binding;
  }
  /// Takes what answers it; its challenge is the next one to answer.
  /// Errors:  unproved_server.
  events::Result<void> take(const events::protocol::Welcome& welcome,
                            const events::PublicKey& server_key);
  bool is_given() const { return is_given_; }
  /// What the signature of `welcome` is over, where it answers this greeting.
  events::Bytes statement_of(const events::protocol::Welcome& welcome) const;

  /// The challenge of the last WELCOME; nothing where the greeting needs no answer.
  const std::optional<events::protocol::Challenge>& challenge() const { return challenge_; }
  /// What an earlier WELCOME on this line left to be answered behind this greeting.
  void expect(const std::optional<events::protocol::Challenge>& challenge) {
    challenge_ = challenge;
  }
  /// Appends ANSWER to the challenge, if there is one, signed by the chain's key.
  /// Errors:  needs_signature: nothing was appended.
  events::Result<void> append_answer(std::vector<events::protocol::Message>& frames,
                                     const Signer& signer) const;

 private:
  events::protocol::Hello hello_;
  std::optional<events::protocol::ChannelBinding> binding_;
  std::optional<events::protocol::Challenge> challenge_;
  bool is_given_ = false;
};

}  // namespace clients

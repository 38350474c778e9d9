#pragma once

#include "events/crypto/digest.h"
#include "events/crypto/signature.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <optional>

// How both sides of a greeting prove who they are.  The server signs its answer with the key of the
// system chain.  The signature covers the greeting, so the answer fits one greeting on one
// connection.  Where no TLS binding ties the greeting to the connection, the answer holds a
// challenge, and the device signs it.
// Format:  docs/protocol.md 1, WELCOME, ANSWER, ENROLLED.
// Why:     docs/decisions/0027-proved-greetings.md.

namespace events::protocol {

/// SHA-256 of the payload of the greeting.  The signature of the answer covers it.
Digest greeting_digest(const Hello& hello);
Digest greeting_digest(const Enrol& enrol);
Digest greeting_digest(const NewChain& request);

/// "khuyenhoc-welcome-1" ‖ `greeting` ‖ the compact form of `welcome` with a zero signature ‖ the
/// binding, if there is one.
Bytes welcome_statement(const Welcome& welcome, const Digest& greeting,
                        const std::optional<ChannelBinding>& binding);
void sign(Welcome& welcome, const SigningKey& server_key, const Digest& greeting,
          const std::optional<ChannelBinding>& binding);
/// Whether the owner of `server_key` signed `welcome` to answer this greeting on this connection.
bool is_authentic(const Welcome& welcome, const PublicKey& server_key, const Digest& greeting,
                  const std::optional<ChannelBinding>& binding);

/// "khuyenhoc-enrolled-1" ‖ `request` ‖ the compact form of `enrolled` with a zero signature ‖ the
/// binding, if there is one.
Bytes enrolled_statement(const Enrolled& enrolled, const Digest& request,
                         const std::optional<ChannelBinding>& binding);
void sign(Enrolled& enrolled, const SigningKey& server_key, const Digest& request,
          const std::optional<ChannelBinding>& binding);
/// Whether the owner of the key that `enrolled` names signed it to answer this request on this
/// connection.  The caller checks whose key this is: see key_fingerprint() and Identity.
bool is_authentic(const Enrolled& enrolled, const Digest& request,
                  const std::optional<ChannelBinding>& binding);

/// "khuyenhoc-answer-1" ‖ log ‖ chain ‖ challenge ‖ `greeting`.
Bytes answer_statement(LogId log, ChainNumber chain, const Challenge& challenge,
                       const Digest& greeting);
Answer sign_answer(const Hello& hello, const Challenge& challenge, const SigningKey& key);
/// Whether the owner of `key` signed `answer` for the challenge that it names, after `hello`.
bool is_authentic(const Answer& answer, const Hello& hello, const PublicKey& key);

/// The challenge in `welcome`; nothing when the greeting needs none.
std::optional<Challenge> challenge_of(const Welcome& welcome);

}  // namespace events::protocol

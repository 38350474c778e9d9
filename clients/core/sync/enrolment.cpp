#include "clients/core/sync/enrolment.h"

#include "events/protocol/greeting_proof.h"

#include <utility>
#include <variant>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

protocol::Enrol make_enrol(std::string code, const events::SecretSeed& seed, std::string label,
                           std::optional<protocol::Founding> founding,
                           const std::optional<protocol::ChannelBinding>& binding) {
  const events::SigningKey key = events::SigningKey::from_seed(seed);
  protocol::Enrol enrol;
  enrol.code = std::move(code);
  enrol.public_key = key.public_key();
  enrol.label = std::move(label);
  enrol.founding = std::move(founding);
  protocol::sign(enrol, key, binding);
  return enrol;
}

Result<void> check_enrolled(const protocol::Enrolled& enrolled, const protocol::Message& request,
                            const std::optional<protocol::ChannelBinding>& binding) {
  events::Digest digest;
  if (const auto* const enrol = std::get_if<protocol::Enrol>(&request)) {
    digest = protocol::greeting_digest(*enrol);
  } else if (const auto* const left = std::get_if<protocol::NewChain>(&request)) {
    digest = protocol::greeting_digest(*left);
  } else {
    return Error{ErrorCode::malformed, "an answer to what asked for no chain"};
  }
  if (protocol::is_authentic(enrolled, digest, binding)) return {};
  return Error{ErrorCode::unproved_server,
               "the answer is not signed by the key that it names, or answers another request"};
}

Result<Identity> identity_from(const protocol::Enrolled& enrolled, const events::SecretSeed& seed,
                               std::string label) {
  if (enrolled.log.value == 0 || enrolled.chain <= events::system_chain) {
    return Error{ErrorCode::malformed, "the answer gives no chain to the device"};
  }
  Identity identity;
  identity.seed = seed;
  identity.log = enrolled.log;
  identity.chain = enrolled.chain;
  identity.device = enrolled.device;
  identity.server_key = enrolled.server_key;
  identity.persons = enrolled.persons;
  identity.label = std::move(label);
  return identity;
}

}  // namespace clients

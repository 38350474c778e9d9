#include "clients/core/sync/enrolment.h"

#include "events/protocol/greeting_proof.h"

#include <utility>
#include <variant>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

Result<protocol::Enrol> make_enrol(std::string code, const Signer& signer, std::string label,
                                   std::optional<protocol::Founding> founding,
                                   const std::optional<protocol::ChannelBinding>& binding) {
  protocol::Enrol enrol;
  enrol.code = std::move(code);
  enrol.public_key = signer.public_key();
  enrol.label = std::move(label);
  enrol.founding = std::move(founding);
  const auto proof = signer.sign(protocol::bound_enrol_statement(enrol, binding));
  if (!proof) return proof.error();
  enrol.proof = *proof;
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

Result<Identity> identity_from(const protocol::Enrolled& enrolled, const DeviceKey& key,
                               std::string label) {
  if (enrolled.log.value == 0 || enrolled.chain <= events::system_chain) {
    return Error{ErrorCode::malformed, "the answer gives no chain to the device"};
  }
  Identity identity;
  identity.set_key(key);
  identity.log = enrolled.log;
  identity.chain = enrolled.chain;
  identity.device = enrolled.device;
  identity.server_key = enrolled.server_key;
  identity.persons = enrolled.persons;
  identity.label = std::move(label);
  return identity;
}

}  // namespace clients

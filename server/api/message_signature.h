#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"
#include "server/session/http_api.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server {

/// A signature of a request by RFC 9421, as far as this server takes it: one signature, Ed25519,
/// over the method, authority, path and query, in the one form that RFC 8941 gives them.
/// Format: docs/api.md.
struct MessageSignature {
  std::string key;                       ///< `keyid`: the number of the device's chain.
  std::uint64_t created{};               ///< Seconds since 1970, by the device's clock.
  std::optional<std::uint64_t> expires;  ///< The same; the signature says nothing after it.
  std::vector<std::string> components;   ///< "@method", … in the order that was signed.
  std::string parameters;                ///< As they came: `("@method" …);created=…`.
  events::Signature signature;
};

/// Reads the headers Signature-Input and Signature.
/// Errors: malformed: another form, a component that is not one of the four or is missing, a
///         parameter twice, no `created` or `keyid`, another `alg` than ed25519.
events::Result<MessageSignature> read_signature(std::string_view input, std::string_view signature);

/// What was signed: RFC 9421 2.5.  The authority is in small letters and without a default port.
std::string signature_base(const MessageSignature& signature, const ApiRequest& request);

}  // namespace server

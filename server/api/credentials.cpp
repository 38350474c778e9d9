#include "server/api/credentials.h"

#include "events/crypto/signature.h"
#include "server/api/cursor_page.h"

#include <string_view>
#include <utility>

namespace server {

using events::ErrorCode;
using events::Result;

namespace {

Refusal refuse(std::string detail, std::string reason, events::ChainNumber chain = {}) {
  return {{ProblemKind::credentials_refused, std::move(detail)}, std::move(reason), chain};
}

Refusal unable(const events::Error& error) {
  if (error.code == ErrorCode::server_clock) {
    return {{.kind = ProblemKind::clock_wrong,
             .detail = "nobody is let in by a wrong clock; its operator has been told",
             .retry_after = 60},
            {}};
  }
  return {problem_of(error), {}};
}

/// The scheme of Authorization is read in any case.
bool is_bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size()) return false;
  for (std::size_t index = 0; index < scheme.size(); ++index) {
    const char letter = authorization[index];
    const char small =
        letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    if (small != scheme[index]) return false;
  }
  return true;
}

/// Whether the signature holds at `now`.
bool is_timely(const MessageSignature& signature, events::Timestamp now) {
  const std::uint64_t seconds = now.value / 1'000;
  const auto window = static_cast<std::uint64_t>(signature_window.count());
  if (signature.created > seconds + window || signature.created + window < seconds) return false;
  return !signature.expires || seconds <= *signature.expires;
}

using Shown = std::variant<ApiReader, SignedRequest, Refusal>;

Shown look_at_signature(const ApiRequest& request, events::Timestamp now) {
  Result<MessageSignature> read = read_signature(request.signature_input, request.signature);
  if (!read) return refuse(read.error().message, "malformed_signature");
  const std::optional<std::uint64_t> number = read_number(read->key);
  if (!number || *number <= events::system_chain.value || *number > events::chain_number_max) {
    return refuse("keyid is the number of a device's chain", "unknown_key");
  }
  const events::ChainNumber chain{static_cast<std::uint32_t>(*number)};
  if (!is_timely(*read, now)) {
    return refuse("created is more than 300 seconds from the server's clock, or expires is past",
                  "untimely_signature", chain);
  }
  return SignedRequest{std::move(*read), chain};
}

}  // namespace

Shown Credentials::look(const ApiRequest& request) const {
  const bool is_signed = !request.signature_input.empty() || !request.signature.empty();
  if (request.authorization.empty() && !is_signed) {
    return Refusal{{ProblemKind::credentials_missing,
                    "show a bearer token, or sign the request with a device's key"},
                   {}};
  }
  if (!request.authorization.empty() && is_signed) {
    return refuse("show a token or a signature, not both", "two_credentials");
  }
  const Result<events::Timestamp> now = ports_.clock();
  if (!now) return unable(now.error());
  return is_signed ? look_at_signature(request, *now) : look_at_token(request, *now);
}

Shown Credentials::look_at_token(const ApiRequest& request, events::Timestamp now) const {
  if (!is_bearer(request.authorization)) {
    return refuse("the scheme of Authorization is Bearer", "scheme");
  }
  const TokenStore::Found found = ports_.tokens.find(
      std::string_view(request.authorization).substr(std::string_view("Bearer ").size()), now);
  // One sentence for all: which one it was would help a stranger who tries tokens.
  if (found.fault) return refuse("no token that holds", std::string(name_of(*found.fault)));
  ApiReader reader;
  reader.name = "token " + std::to_string(found.token->number);
  reader.is_token = true;
  reader.unit = found.token->unit;
  return reader;
}

std::variant<ApiReader, Refusal> Credentials::prove(const ApiRequest& request,
                                                    const SignedRequest& shown,
                                                    const Result<Admission>& admission) {
  const events::ChainNumber chain = shown.chain;
  constexpr const char* nobody = "no device of the log signed this request";
  if (!admission) {
    const ErrorCode code = admission.error().code;
    if (code == ErrorCode::not_enrolled || code == ErrorCode::not_permitted) {
      return refuse(nobody, events::name_of(code), chain);
    }
    return unable(admission.error());
  }
  if (admission->stranger) return refuse(nobody, "not_enrolled", chain);
  const std::string base = signature_base(shown.signature, request);
  if (!events::verify(admission->public_key, events::bytes_of(base), shown.signature.signature)) {
    return refuse(nobody, "bad_signature", chain);
  }
  if (admission->revoked) return refuse("the device was revoked", "revoked", chain);
  ApiReader reader;
  reader.name = "device " + std::to_string(chain.value);
  reader.scope = admission->rights.scope;
  return reader;
}

}  // namespace server

#include "events/protocol/channel_binding.h"

#include "events/base/check.h"

namespace events::protocol {

Bytes bound_hello_statement(const Hello& hello, const std::optional<ChannelBinding>& binding) {
  Bytes statement = hello_statement(hello);
  if ((hello.features & feature_bound) != 0) {
    CHECK(binding, "a bound greeting without a binding was refused before");
    append_bytes(statement, binding->bytes);
  }
  return statement;
}

Bytes bound_enrol_statement(const Enrol& enrol, const std::optional<ChannelBinding>& binding) {
  Bytes statement = enrol_statement(enrol);
  if (binding) append_bytes(statement, binding->bytes);
  return statement;
}

void bind(Hello& hello, const std::optional<ChannelBinding>& binding) {
  hello.features = (hello.features & ~feature_bound) | (binding ? feature_bound : 0);
}

void sign(Hello& hello, const SigningKey& key, const std::optional<ChannelBinding>& binding) {
  bind(hello, binding);
  hello.signature = key.sign(bound_hello_statement(hello, binding));
}

void sign(Enrol& enrol, const SigningKey& key, const std::optional<ChannelBinding>& binding) {
  enrol.proof = key.sign(bound_enrol_statement(enrol, binding));
}

Result<void> check_bound(std::uint32_t features, const std::optional<ChannelBinding>& binding) {
  const bool is_bound = (features & feature_bound) != 0;
  if (binding && !is_bound) {
    return Error{ErrorCode::bad_signature, "the greeting is not bound to this TLS connection"};
  }
  if (!binding && is_bound) {
    return Error{ErrorCode::unsupported,
                 "the greeting is bound to TLS that ends before the server"};
  }
  return {};
}

Result<void> check_page(std::uint32_t features) {
  if (auto unbound = check_bound(features, std::nullopt); !unbound) return unbound;
  if ((features & feature_page) == 0) {
    return Error{ErrorCode::bad_signature, "the greeting is not a page's, and could be bound"};
  }
  return {};
}

}  // namespace events::protocol

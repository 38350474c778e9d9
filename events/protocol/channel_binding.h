#pragma once

#include "events/crypto/signature.h"
#include "events/protocol/messages.h"
#include "events/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// Ties a greeting to the TLS connection it travels on, so that whoever got hold of it, a proxy's
// log for instance, can use it nowhere else.
// Format:  docs/protocol.md 1.

namespace events::protocol {

/// Bit of `features` in HELLO: the signature covers the binding, too.
inline constexpr std::uint32_t feature_bound = 1;
/// RFC 8446 7.5: the exporter's label; its context is empty.
inline constexpr std::string_view binding_label = "EXPORTER-khuyenhoc-cs1";

/// 32 bytes that only the two ends of one TLS connection know.
struct ChannelBinding {
  std::array<std::uint8_t, 32> bytes{};
  bool operator==(const ChannelBinding&) const = default;
};

/// hello_statement() and, when `hello` says that it is bound, the binding.
/// Expects: a binding when the bit is set.
Bytes bound_hello_statement(const Hello& hello, const std::optional<ChannelBinding>& binding);
/// enrol_statement() and the binding, if there is one.
Bytes bound_enrol_statement(const Enrol& enrol, const std::optional<ChannelBinding>& binding);

/// Sets the bit as `binding` says, and signs.
void sign(Hello& hello, const SigningKey& key, const std::optional<ChannelBinding>& binding);
void sign(Enrol& enrol, const SigningKey& key, const std::optional<ChannelBinding>& binding);

/// Whether a greeting with these features may come over a connection with this binding.
/// Errors: bad_signature: it is not bound, and this end of TLS demands it; unsupported: it is bound
///         to a TLS connection that ends before this server.
Result<void> check_bound(std::uint32_t features, const std::optional<ChannelBinding>& binding);

}  // namespace events::protocol

#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"
#include "events/protocol/messages.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// Ties a greeting to the TLS connection on which it travels.  A greeting that leaks, for instance
// into the log of a proxy, is then of no use on any other connection.
// Format:  docs/protocol.md 1.

namespace events::protocol {

/// Bit of `features` in HELLO: the signature also covers the binding.
inline constexpr std::uint32_t feature_bound = 1;
/// Bit of `features` in HELLO: a page in a browser greets, which cannot know the binding.
inline constexpr std::uint32_t feature_page = 64;
/// RFC 8446 7.5: the exporter's label; its context is empty.
inline constexpr std::string_view binding_label = "EXPORTER-khuyenhoc-cs1";

/// 32 bytes that only the two ends of one TLS connection know.
struct ChannelBinding {
  std::array<std::uint8_t, 32> bytes{};
  bool operator==(const ChannelBinding&) const = default;
};

/// hello_statement(), and behind it the binding when `hello` has the bit feature_bound.
/// Expects: a binding when the bit is set.
Bytes bound_hello_statement(const Hello& hello, const std::optional<ChannelBinding>& binding);
/// enrol_statement(), and behind it the binding, if there is one.
Bytes bound_enrol_statement(const Enrol& enrol, const std::optional<ChannelBinding>& binding);

/// Gives HELLO the bit feature_bound when there is a binding, and takes it away when there is none.
void bind(Hello& hello, const std::optional<ChannelBinding>& binding);
/// Binds and signs the greeting; ENROL has no such bit.
void sign(Hello& hello, const SigningKey& key, const std::optional<ChannelBinding>& binding);
void sign(Enrol& enrol, const SigningKey& key, const std::optional<ChannelBinding>& binding);

/// Whether a HELLO with these features may come over a connection with this binding, which exists
/// when the TLS connection ends at this server.
/// Errors: bad_signature: there is a binding, but the greeting is not bound; unsupported: the
///         greeting is bound, but its TLS connection ends before this server.
Result<void> check_bound(std::uint32_t features, const std::optional<ChannelBinding>& binding);

/// Whether a HELLO with these features may come over a TLS connection that ends at this server and
/// on which a browser's page speaks.  The device signed the bit, so whoever relays the greeting of
/// another device cannot pass that device off as a page.
/// Errors: bad_signature: the bit feature_page is missing; unsupported: the greeting is bound.
Result<void> check_page(std::uint32_t features);

}  // namespace events::protocol

#pragma once

#include "clients/core/log/store.h"
#include "events/base/result.h"
#include "events/crypto/signature.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <optional>
#include <string>

namespace clients {

// How a device gets its chain, and how it knows that it got it from the log's own server.

/// The frame with which a new device asks for a chain, for the key of `signer`.
/// `code`: 16 letters and digits, upper case.
/// Errors:  needs_signature.
events::Result<events::protocol::Enrol> make_enrol(
    std::string code, const Signer& signer, std::string label,
    std::optional<events::protocol::Founding> founding,
    const std::optional<events::protocol::ChannelBinding>& binding = std::nullopt);

/// Whether `enrolled` is the answer, over a connection with this binding, of the owner of the key
/// that it names to `request`, ENROL or NEW_CHAIN.  Whether that is the log's key, the caller
/// knows: from the invitation, or from its identity.
/// Errors:  unproved_server; malformed: `request` asks for no chain.
events::Result<void> check_enrolled(
    const events::protocol::Enrolled& enrolled, const events::protocol::Message& request,
    const std::optional<events::protocol::ChannelBinding>& binding = std::nullopt);

/// The identity that the server's answer gives to the device that asked for `key`.
/// Expects: check_enrolled(), and the key is the log's.
/// Errors:  malformed: no chain, or a chain that is the server's own.
events::Result<Identity> identity_from(const events::protocol::Enrolled& enrolled,
                                       const DeviceKey& key, std::string label);

}  // namespace clients

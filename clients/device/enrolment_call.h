#pragma once

#include "clients/device/connection.h"
#include "clients/device/server_address.h"
#include "events/base/result.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <functional>
#include <optional>

namespace clients {

/// Makes ENROL with the proof for the connection that it goes over, or NEW_CHAIN.
using MakeEnrol = std::function<events::protocol::Message(
    const std::optional<events::protocol::ChannelBinding>& binding)>;

/// Asks the server for a chain, over a WebSocket or, where none gets through, over HTTP.  A server
/// that cannot know the binding takes the proof for a wrong signature: TLS may end at a proxy
/// before it.  Then the proof is made without it; servers that end TLS themselves take none such.
/// The answer is signed by the key that it names, over this request on this connection; whether
/// that is the log's key, the caller looks.
/// Errors:  enrolment_refused, bad_signature …: as the server says; unproved_server; those of
///          WsClient::connect.
events::Result<events::protocol::Enrolled> ask_for_chain(const ServerAddress& address,
                                                         ConnectionOptions connection,
                                                         const MakeEnrol& make);

}  // namespace clients

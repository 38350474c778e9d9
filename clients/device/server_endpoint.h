#pragma once

#include "clients/core/log/store.h"
#include "clients/device/connection.h"
#include "events/base/result.h"
#include "events/base/time.h"

#include <string>
#include <string_view>

namespace clients {

/// How a device gets to its server, as it has learned and keeps it: the address, whom it trusts,
/// the TLS session to resume, and what the network between them lets through.
///
/// State: as the store has it.
/// Thread: one at a time.
class ServerEndpoint {
 public:
  /// A network that let no WebSocket through is asked again after this time.
  static constexpr std::uint64_t http_milliseconds = events::milliseconds_per_day;

  static events::Result<ServerEndpoint> load(const ClientStore& store);
  /// What a device that enrols notes down first.
  static void note_server(StoreChange& change, const std::string& url,
                          const std::string& authorities);

  const std::string& url() const { return url_; }
  ConnectionOptions line() const { return {authorities_, session_, binds_}; }
  bool binds() const { return binds_; }
  /// Enrolled over TLS: what it has to say goes over nothing less.
  bool demands_tls() const { return demands_tls_; }
  bool prefers_http(events::Timestamp now) const { return now.value < http_until_.value; }

  /// The log lives there from now on.
  events::Result<void> note_move(ClientStore& store, const std::string& url);
  /// The server has answered at another address: that is its address from here on.  The session of
  /// TLS stays, which was made there.
  events::Result<void> note_answer_at(ClientStore& store, const std::string& url);
  /// Trusts these roots from now on, in PEM.
  events::Result<void> trust(ClientStore& store, const std::string& authorities);
  /// Notes the TLS session that a connection ended with; an empty one changes nothing.
  events::Result<void> note_session(ClientStore& store, const std::string& session);
  /// No WebSocket gets through, but HTTP does.
  events::Result<void> note_http(ClientStore& store, events::Timestamp now);
  /// Whether greetings are bound to TLS: not where a proxy ends it.
  events::Result<void> note_binding(ClientStore& store, bool binds);

 private:
  std::string url_;
  std::string authorities_;
  std::string session_;
  events::Timestamp http_until_;
  bool binds_ = true;
  bool demands_tls_ = false;
};

}  // namespace clients

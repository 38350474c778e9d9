#include "clients/device/server_endpoint.h"

#include "clients/core/log/settings.h"

#include <optional>
#include <utility>

namespace clients {

using events::Result;

namespace {

bool is_over_tls(const std::string& url) { return url.starts_with("wss://"); }

template <class Setting, class Value>
Result<void> keep(ClientStore& store, const Setting& setting, const Value& value) {
  StoreChange change;
  write_setting(change, setting, value);
  return store.commit(change);
}

}  // namespace

Result<ServerEndpoint> ServerEndpoint::load(const ClientStore& store) {
  ServerEndpoint route;
  const std::pair<TextSetting, std::string*> texts[] = {
      {settings::server, &route.url_},
      {settings::tls_authorities, &route.authorities_},
      {settings::tls_session, &route.session_},
  };
  for (const auto& [setting, value] : texts) {
    Result<std::string> kept = read_setting(store, setting);
    if (!kept) return kept.error();
    *value = std::move(*kept);
  }
  const Result<events::Timestamp> http_until = read_setting(store, settings::http_until);
  if (!http_until) return http_until.error();
  route.http_until_ = *http_until;
  const Result<bool> binds = read_setting(store, settings::tls_binding);
  if (!binds) return binds.error();
  route.binds_ = *binds;
  const Result<std::optional<bool>> tls = read_if_written(store, settings::tls_since_enrolment);
  if (!tls) return tls.error();
  route.demands_tls_ = tls->value_or(is_over_tls(route.url_));
  return route;
}

void ServerEndpoint::note_server(StoreChange& change, const std::string& url,
                                 const std::string& authorities) {
  write_setting(change, settings::server, url);
  write_setting(change, settings::tls_since_enrolment, is_over_tls(url));
  if (!authorities.empty()) write_setting(change, settings::tls_authorities, authorities);
}

Result<void> ServerEndpoint::note_move(ClientStore& store, const std::string& url) {
  url_ = url;
  session_.clear();  // It was another machine's.
  StoreChange change;
  write_setting(change, settings::server, url_);
  write_setting(change, settings::tls_session, session_);
  return store.commit(change);
}

Result<void> ServerEndpoint::note_answer_at(ClientStore& store, const std::string& url) {
  url_ = url;
  return keep(store, settings::server, url_);
}

Result<void> ServerEndpoint::trust(ClientStore& store, const std::string& authorities) {
  if (authorities == authorities_) return {};
  authorities_ = authorities;
  session_.clear();  // Its certificate was checked against other roots.
  StoreChange change;
  write_setting(change, settings::tls_authorities, authorities_);
  write_setting(change, settings::tls_session, session_);
  return store.commit(change);
}

Result<void> ServerEndpoint::note_session(ClientStore& store, const std::string& session) {
  if (session.empty() || session == session_) return {};
  session_ = session;
  return keep(store, settings::tls_session, session_);
}

Result<void> ServerEndpoint::note_http(ClientStore& store, events::Timestamp now) {
  http_until_.value = now.value + http_milliseconds;
  return keep(store, settings::http_until, http_until_);
}

Result<void> ServerEndpoint::note_binding(ClientStore& store, bool binds) {
  binds_ = binds;
  return keep(store, settings::tls_binding, binds_);
}

}  // namespace clients

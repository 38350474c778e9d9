#include "clients/device/server_endpoint.h"

#include "clients/core/log/setting_names.h"

#include <charconv>
#include <utility>

namespace clients {

using events::Result;

namespace {

bool is_over_tls(const std::string& url) { return url.starts_with("wss://"); }

Result<void> keep(ClientStore& store, const char* name, std::string value) {
  StoreChange change;
  change.settings.emplace_back(name, std::move(value));
  return store.commit(change);
}

}  // namespace

Result<ServerEndpoint> ServerEndpoint::load(const ClientStore& store) {
  ServerEndpoint route;
  std::string http_until;
  std::string binding;
  std::string tls;
  const std::pair<const char*, std::string*> settings[] = {
      {setting_names::server, &route.url_},
      {setting_names::tls_authorities, &route.authorities_},
      {setting_names::tls_session, &route.session_},
      {setting_names::http_until, &http_until},
      {setting_names::tls_binding, &binding},
      {setting_names::tls_since_enrolment, &tls},
  };
  for (const auto& [name, value] : settings) {
    Result<std::optional<std::string>> kept = store.setting(name);
    if (!kept) return kept.error();
    *value = kept->value_or("");
  }
  std::from_chars(http_until.data(), http_until.data() + http_until.size(),
                  route.http_until_.value);
  route.binds_ = binding != "no";
  route.demands_tls_ = tls.empty() ? is_over_tls(route.url_) : tls == "yes";
  return route;
}

void ServerEndpoint::note_server(StoreChange& change, const std::string& url,
                                 const std::string& authorities) {
  change.settings.emplace_back(setting_names::server, url);
  change.settings.emplace_back(setting_names::tls_since_enrolment, is_over_tls(url) ? "yes" : "no");
  if (!authorities.empty())
    change.settings.emplace_back(setting_names::tls_authorities, authorities);
}

Result<void> ServerEndpoint::note_move(ClientStore& store, const std::string& url) {
  url_ = url;
  session_.clear();  // It was another machine's.
  StoreChange change;
  change.settings.emplace_back(setting_names::server, url_);
  change.settings.emplace_back(setting_names::tls_session, session_);
  return store.commit(change);
}

Result<void> ServerEndpoint::note_answer_at(ClientStore& store, const std::string& url) {
  url_ = url;
  return keep(store, setting_names::server, url_);
}

Result<void> ServerEndpoint::trust(ClientStore& store, const std::string& authorities) {
  if (authorities == authorities_) return {};
  authorities_ = authorities;
  session_.clear();  // Its certificate was checked against other roots.
  StoreChange change;
  change.settings.emplace_back(setting_names::tls_authorities, authorities_);
  change.settings.emplace_back(setting_names::tls_session, session_);
  return store.commit(change);
}

Result<void> ServerEndpoint::note_session(ClientStore& store, const std::string& session) {
  if (session.empty() || session == session_) return {};
  session_ = session;
  return keep(store, setting_names::tls_session, session_);
}

Result<void> ServerEndpoint::note_http(ClientStore& store, events::Timestamp now) {
  http_until_.value = now.value + http_milliseconds;
  return keep(store, setting_names::http_until, std::to_string(http_until_.value));
}

Result<void> ServerEndpoint::note_binding(ClientStore& store, bool binds) {
  binds_ = binds;
  return keep(store, setting_names::tls_binding, binds_ ? "yes" : "no");
}

}  // namespace clients

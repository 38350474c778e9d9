#pragma once

#include "clients/core/log/store.h"
#include "events/archive/compact.h"
#include "events/base/time.h"
#include "events/bundle/clock_sample.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Everything that a device keeps in its store as a setting: one row each, with its name on disk,
/// its type and what it is when the store has none.  Each has one meaning, one form and one source
/// that writes it.  Two sources that wrote one name lost each other's value once.
///
/// Reading:  Errors: device_storage.  An empty text is no value.
/// Writing:  adds the setting to a change, which ClientStore::commit() writes.
namespace clients {

/// Any text; "" when there is none.
struct TextSetting {
  const char* name;
};
events::Result<std::string> read_setting(const ClientStore& store, const TextSetting& setting);
void write_setting(StoreChange& change, const TextSetting& setting, std::string value);

/// A point in time: its milliseconds in decimal digits; 0 when there is none, or another text.
struct TimeSetting {
  const char* name;
};
events::Result<events::Timestamp> read_setting(const ClientStore& store,
                                               const TimeSetting& setting);
void write_setting(StoreChange& change, const TimeSetting& setting, events::Timestamp value);

/// Milliseconds with a sign, in decimal digits; 0 when there is none, or another text.
struct DifferenceSetting {
  const char* name;
};
events::Result<std::int64_t> read_setting(const ClientStore& store,
                                          const DifferenceSetting& setting);
void write_setting(StoreChange& change, const DifferenceSetting& setting, std::int64_t value);

/// Yes or no.  Any text but the two words reads as `fallback`, which is also what holds when there
/// is none.
struct FlagSetting {
  const char* name;
  bool fallback;
  const char* no;
  const char* yes;
};
events::Result<bool> read_setting(const ClientStore& store, const FlagSetting& setting);
/// Nothing when it was never written.
events::Result<std::optional<bool>> read_if_written(const ClientStore& store,
                                                    const FlagSetting& setting);
void write_setting(StoreChange& change, const FlagSetting& setting, bool value);

/// One moment on two clocks: both in decimal digits, the server's first, a blank between them; no
/// moment when there is none, or another text.
struct ClockSetting {
  const char* name;
};
events::Result<events::bundle::ClockSample> read_setting(const ClientStore& store,
                                                         const ClockSetting& setting);
void write_setting(StoreChange& change, const ClockSetting& setting,
                   const events::bundle::ClockSample& value);

/// A T in compact form; nothing when there is none.
template <class T>
struct PackedSetting {
  const char* name;
};
/// Errors:  storage_corrupt: it cannot be read.
template <class T>
events::Result<std::optional<T>> read_setting(const ClientStore& store,
                                              const PackedSetting<T>& setting) {
  const events::Result<std::string> text = read_setting(store, TextSetting{setting.name});
  if (!text) return text.error();
  if (text->empty()) return std::optional<T>{};
  events::Result<T> value = events::decode<T>(events::bytes_of(*text));
  if (value) return std::optional<T>(std::move(*value));
  return events::Error{events::ErrorCode::storage_corrupt,
                       "setting " + std::string(setting.name) + ": " + value.error().message};
}
template <class T>
void write_setting(StoreChange& change, const PackedSetting<T>& setting, const T& value) {
  const events::Bytes bytes = events::encode(value);
  write_setting(change, TextSetting{setting.name}, std::string(bytes.begin(), bytes.end()));
}
/// The store has none from then on.
template <class T>
void clear_setting(StoreChange& change, const PackedSetting<T>& setting) {
  write_setting(change, TextSetting{setting.name}, "");
}

struct KeptAlarms;
struct KeptFileNames;
struct KeptHeads;
struct PurgeDue;

namespace settings {

// clients/core/replica/contact_notes.cpp: what the last contacts left behind.
inline constexpr TimeSetting last_contact{"last_contact"};
inline constexpr TimeSetting last_synced{"last_synced"};
inline constexpr FlagSetting caught_up{"caught_up", false, "0", "1"};
inline constexpr DifferenceSetting clock_difference{"clock_difference"};
inline constexpr TextSetting trouble{"trouble"};  ///< The name of an error code.
inline constexpr PackedSetting<events::RulesVersion> server_rules{"server_rules"};

// clients/core/bundle/bundle_export.cpp
inline constexpr ClockSetting clock_sample{"clock_sample"};
inline constexpr TextSetting last_bundle{"last_bundle"};  ///< Digest of its header, hexadecimal.

// clients/device/server_endpoint.cpp
inline constexpr TextSetting server{"server"};                    ///< URL.
inline constexpr TextSetting tls_authorities{"tls_authorities"};  ///< PEM.
inline constexpr TextSetting tls_session{"tls_session"};          ///< As OpenSSL writes it.
inline constexpr TimeSetting http_until{"http_until"};
inline constexpr FlagSetting tls_binding{"tls_binding", true, "no", "yes"};
inline constexpr FlagSetting tls_since_enrolment{"tls_since_enrolment", false, "no", "yes"};

// clients/core/sync/scope_state.cpp
inline constexpr PackedSetting<events::protocol::ScopeGrant> scope_grant{"scope_grant"};
inline constexpr PackedSetting<PurgeDue> purge_due{"purge_due"};
inline constexpr PackedSetting<events::protocol::Purged> purge_receipt{"purge_receipt"};

// clients/core/files/file_plan.cpp
inline constexpr TextSetting files_originals{"files.originals"};  ///< word_of() the policy.
inline constexpr PackedSetting<KeptFileNames> files_wanted{"files.wanted"};
inline constexpr PackedSetting<KeptFileNames> files_asked{"files.asked"};
inline constexpr PackedSetting<KeptFileNames> files_damaged{"files.damaged"};

// clients/core/replica/pull_restart.cpp
/// Private records may be here of events that the rewritten log shows to others only.
inline constexpr FlagSetting sweep_due{"sweep_due", false, "", "1"};
/// What is here of others is in doubt.
inline constexpr FlagSetting pull_again{"pull_again", false, "", "1"};

// clients/core/log/head_store.cpp
inline constexpr PackedSetting<KeptHeads> signed_heads{"signed_heads"};
inline constexpr PackedSetting<KeptAlarms> log_alarms{"log_alarms"};

// clients/core/sync/snapshot_receiver.cpp
/// The name of a snapshot that did not fit its manifest: the bytes of the digest.
inline constexpr PackedSetting<events::Digest> snapshot_refused{"snapshot_refused"};

}  // namespace settings

}  // namespace clients

#pragma once

#include "events/base/ranges.h"

#include <algorithm>
#include <array>
#include <string_view>

/// The names of all settings that a device keeps in its store: each has one meaning, one form and
/// one source that writes it.  Two sources that wrote one name lost each other's value once.
namespace clients::setting_names {

// clients/device/contact_notes.cpp: what the last contacts left behind, as numbers.
inline constexpr const char* last_contact = "last_contact";
inline constexpr const char* last_synced = "last_synced";
inline constexpr const char* caught_up = "caught_up";
inline constexpr const char* clock_difference = "clock_difference";
inline constexpr const char* trouble = "trouble";

// clients/core/bundle/bundle_export.cpp
inline constexpr const char* clock_sample = "clock_sample";  ///< "server device", milliseconds.
inline constexpr const char* last_bundle = "last_bundle";    ///< Digest of its header.

// clients/device/server_endpoint.cpp
inline constexpr const char* server = "server";
inline constexpr const char* tls_authorities = "tls_authorities";
inline constexpr const char* tls_session = "tls_session";
inline constexpr const char* http_until = "http_until";
inline constexpr const char* tls_binding = "tls_binding";
inline constexpr const char* tls_since_enrolment = "tls_since_enrolment";

// clients/core/sync/scope_state.cpp
inline constexpr const char* scope_grant = "scope_grant";
inline constexpr const char* purge_due = "purge_due";
inline constexpr const char* purge_receipt = "purge_receipt";

// clients/core/files/file_plan.cpp
inline constexpr const char* files_originals = "files.originals";
inline constexpr const char* files_wanted = "files.wanted";
inline constexpr const char* files_asked = "files.asked";
inline constexpr const char* files_damaged = "files.damaged";

// clients/core/replica/replica_restart.cpp: set while private records may be here of events that
// the rewritten log shows to others only.
inline constexpr const char* sweep_due = "sweep_due";
inline constexpr const char* pull_again =
    "pull_again";  ///< While what is here of others is in doubt.

// clients/core/log/head_store.cpp
inline constexpr const char* signed_heads = "signed_heads";
inline constexpr const char* log_alarms = "log_alarms";

// clients/core/sync/snapshot_receiver.cpp: the name of a snapshot that did not fit its manifest.
inline constexpr const char* snapshot_refused = "snapshot_refused";

inline constexpr std::array<std::string_view, 25> all{
    last_contact,     last_synced,         caught_up,   clock_difference, trouble,
    clock_sample,     last_bundle,         server,      tls_authorities,  tls_session,
    http_until,       tls_binding,         scope_grant, purge_due,        purge_receipt,
    files_originals,  files_wanted,        files_asked, files_damaged,    sweep_due,
    snapshot_refused, tls_since_enrolment, pull_again,  signed_heads,     log_alarms};

constexpr bool is_alone(std::string_view name) { return events::ranges::count(all, name) == 1; }
static_assert(events::ranges::all_of(all, is_alone), "each setting has a name of its own");

}  // namespace clients::setting_names

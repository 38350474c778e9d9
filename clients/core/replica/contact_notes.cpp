#include "clients/core/replica/contact_notes.h"

#include "clients/core/log/settings.h"

#include <algorithm>
#include <string>
#include <utility>

namespace clients {

using events::Result;

std::optional<std::int64_t> seconds_behind_contact(const ContactNotes& notes,
                                                   events::Timestamp now) {
  constexpr std::int64_t allowed = 300'000;  // What people set a clock back by, to be right.
  if (notes.last_contact.value == 0) return std::nullopt;
  const auto on_device = static_cast<std::int64_t>(notes.last_contact.value);
  const std::int64_t on_server = on_device + notes.clock_difference_milliseconds;
  const std::int64_t behind = static_cast<std::int64_t>(now.value) - std::min(on_device, on_server);
  if (behind >= -allowed) return std::nullopt;
  return behind / 1'000;
}

Result<ContactNotes> load_contact_notes(const ClientStore& store) {
  const Result<events::Timestamp> contact = read_setting(store, settings::last_contact);
  if (!contact) return contact.error();
  const Result<events::Timestamp> synced = read_setting(store, settings::last_synced);
  if (!synced) return synced.error();
  const Result<bool> caught_up = read_setting(store, settings::caught_up);
  if (!caught_up) return caught_up.error();
  const Result<std::int64_t> difference = read_setting(store, settings::clock_difference);
  if (!difference) return difference.error();
  Result<std::string> trouble = read_setting(store, settings::trouble);
  if (!trouble) return trouble.error();
  const auto rules = read_setting(store, settings::server_rules);
  if (!rules) return rules.error();
  return ContactNotes{*contact,
                      *synced,
                      *caught_up,
                      *difference,
                      std::move(*trouble),
                      rules->value_or(events::RulesVersion{})};
}

Result<void> keep_contact_notes(ClientStore& store, const ContactNotes& notes) {
  StoreChange change;
  write_setting(change, settings::last_contact, notes.last_contact);
  write_setting(change, settings::last_synced, notes.last_synced);
  write_setting(change, settings::caught_up, notes.caught_up);
  write_setting(change, settings::clock_difference, notes.clock_difference_milliseconds);
  write_setting(change, settings::trouble, notes.trouble);
  if (notes.server_rules.value != 0) {
    write_setting(change, settings::server_rules, notes.server_rules);
  }
  return store.commit(change);
}

}  // namespace clients

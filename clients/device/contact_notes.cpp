#include "clients/device/contact_notes.h"

#include "clients/core/log/setting_names.h"

#include <algorithm>
#include <charconv>

namespace clients {

using events::Result;

namespace {

template <class Number>
Number number_from(const std::string& text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

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
  ContactNotes notes;
  events::Error failed;
  bool good = true;
  const auto read = [&](const char* name) -> std::string {
    const auto value = store.setting(name);
    if (value) return value->value_or("");
    failed = value.error();
    good = false;
    return {};
  };
  notes.last_contact.value = number_from<std::uint64_t>(read(setting_names::last_contact));
  notes.last_synced.value = number_from<std::uint64_t>(read(setting_names::last_synced));
  notes.caught_up = read(setting_names::caught_up) == "1";
  notes.clock_difference_milliseconds =
      number_from<std::int64_t>(read(setting_names::clock_difference));
  notes.trouble = read(setting_names::trouble);
  if (!good) return failed;
  return notes;
}

Result<void> keep_contact_notes(ClientStore& store, const ContactNotes& notes) {
  StoreChange change;
  change.settings = {
      {setting_names::last_contact, std::to_string(notes.last_contact.value)},
      {setting_names::last_synced, std::to_string(notes.last_synced.value)},
      {setting_names::caught_up, notes.caught_up ? "1" : "0"},
      {setting_names::clock_difference, std::to_string(notes.clock_difference_milliseconds)},
      {setting_names::trouble, notes.trouble}};
  return store.commit(change);
}

}  // namespace clients

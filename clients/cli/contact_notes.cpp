#include "clients/cli/contact_notes.h"

#include <algorithm>
#include <charconv>

namespace clients {

using events::Result;

namespace {

constexpr const char* contact_setting = "last_contact";
constexpr const char* synced_setting = "last_synced";
constexpr const char* caught_up_setting = "caught_up";
constexpr const char* clock_setting = "clock_difference";
constexpr const char* trouble_setting = "trouble";

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
  const std::int64_t behind =
      static_cast<std::int64_t>(now.value) - std::min(on_device, on_server);
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
  notes.last_contact.value = number_from<std::uint64_t>(read(contact_setting));
  notes.last_synced.value = number_from<std::uint64_t>(read(synced_setting));
  notes.caught_up = read(caught_up_setting) == "1";
  notes.clock_difference_milliseconds = number_from<std::int64_t>(read(clock_setting));
  notes.trouble = read(trouble_setting);
  if (!good) return failed;
  return notes;
}

Result<void> keep_contact_notes(ClientStore& store, const ContactNotes& notes) {
  StoreChange change;
  change.settings = {{contact_setting, std::to_string(notes.last_contact.value)},
                     {synced_setting, std::to_string(notes.last_synced.value)},
                     {caught_up_setting, notes.caught_up ? "1" : "0"},
                     {clock_setting, std::to_string(notes.clock_difference_milliseconds)},
                     {trouble_setting, notes.trouble}};
  return store.commit(change);
}

}  // namespace clients

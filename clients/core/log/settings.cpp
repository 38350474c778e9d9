#include "clients/core/log/settings.h"

#include "events/base/ranges.h"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace clients {

using events::Result;
using events::Timestamp;
using events::bundle::ClockSample;

namespace {

template <class... Settings>
constexpr std::array<std::string_view, sizeof...(Settings)> names_of(const Settings&... settings) {
  return {std::string_view(settings.name)...};
}

constexpr auto names = names_of(
    settings::last_contact, settings::last_synced, settings::caught_up, settings::clock_difference,
    settings::trouble, settings::server_rules, settings::clock_sample, settings::last_bundle,
    settings::server, settings::tls_authorities, settings::tls_session, settings::http_until,
    settings::tls_binding, settings::tls_since_enrolment, settings::scope_grant,
    settings::purge_due, settings::purge_receipt, settings::files_originals, settings::files_wanted,
    settings::files_asked, settings::files_damaged, settings::sweep_due, settings::pull_again,
    settings::signed_heads, settings::log_alarms, settings::snapshot_refused);

constexpr bool is_alone(std::string_view name) { return events::ranges::count(names, name) == 1; }
static_assert(events::ranges::all_of(names, is_alone), "each setting has a name of its own");

/// Reads digits from the beginning of `text`, and removes them; 0 when there are none.
template <class Number>
Number number_from(std::string_view& text) {
  Number number = 0;
  const char* const end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

template <class Number>
Result<Number> read_number(const ClientStore& store, const char* name) {
  const Result<std::string> text = read_setting(store, TextSetting{name});
  if (!text) return text.error();
  std::string_view rest = *text;
  return number_from<Number>(rest);
}

}  // namespace

Result<std::string> read_setting(const ClientStore& store, const TextSetting& setting) {
  Result<std::optional<std::string>> text = store.setting(setting.name);
  if (!text) return text.error();
  return std::move(*text).value_or(std::string());
}

void write_setting(StoreChange& change, const TextSetting& setting, std::string value) {
  change.settings.emplace_back(setting.name, std::move(value));
}

Result<Timestamp> read_setting(const ClientStore& store, const TimeSetting& setting) {
  const Result<std::uint64_t> milliseconds = read_number<std::uint64_t>(store, setting.name);
  if (!milliseconds) return milliseconds.error();
  return Timestamp{*milliseconds};
}

void write_setting(StoreChange& change, const TimeSetting& setting, Timestamp value) {
  change.settings.emplace_back(setting.name, std::to_string(value.value));
}

Result<std::int64_t> read_setting(const ClientStore& store, const DifferenceSetting& setting) {
  return read_number<std::int64_t>(store, setting.name);
}

void write_setting(StoreChange& change, const DifferenceSetting& setting, std::int64_t value) {
  change.settings.emplace_back(setting.name, std::to_string(value));
}

Result<std::optional<bool>> read_if_written(const ClientStore& store, const FlagSetting& setting) {
  const Result<std::string> text = read_setting(store, TextSetting{setting.name});
  if (!text) return text.error();
  if (text->empty()) return std::optional<bool>{};
  const bool is_other_word = *text != setting.no && *text != setting.yes;
  return std::optional(is_other_word ? setting.fallback : *text == setting.yes);
}

Result<bool> read_setting(const ClientStore& store, const FlagSetting& setting) {
  const Result<std::optional<bool>> written = read_if_written(store, setting);
  if (!written) return written.error();
  return written->value_or(setting.fallback);
}

void write_setting(StoreChange& change, const FlagSetting& setting, bool value) {
  change.settings.emplace_back(setting.name, value ? setting.yes : setting.no);
}

Result<ClockSample> read_setting(const ClientStore& store, const ClockSetting& setting) {
  const Result<std::string> text = read_setting(store, TextSetting{setting.name});
  if (!text) return text.error();
  std::string_view rest = *text;
  ClockSample sample;
  sample.server_time.value = number_from<std::uint64_t>(rest);
  if (!rest.starts_with(' ')) return ClockSample{};
  rest.remove_prefix(1);
  sample.device_time.value = number_from<std::uint64_t>(rest);
  return sample;
}

void write_setting(StoreChange& change, const ClockSetting& setting, const ClockSample& value) {
  change.settings.emplace_back(setting.name, std::to_string(value.server_time.value) + " " +
                                                 std::to_string(value.device_time.value));
}

}  // namespace clients

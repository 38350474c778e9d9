#include "clients/cli/session.h"

#include "clients/cli/output/text_errors.h"
#include "clients/cli/secret_input.h"
#include "events/log/find_bad_text.h"
#include "events/text/normalize.h"
#include "platform/clock.h"
#include "platform/random.h"

#include <fmt/core.h>

#include <system_error>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::EventId;
using events::Result;

Result<std::string> typed_text(std::string_view text, std::string_view field,
                               std::size_t bytes_max) {
  Result<std::string> cleaned = typed_text(text);
  if (!cleaned) return cleaned;
  const auto fault = events::check_text(*cleaned, bytes_max, events::text_field(field).lines);
  if (!fault) return cleaned;
  return bad_text_error(
      {*fault, std::string(field), cleaned->size(), events::code_point_count(*cleaned), bytes_max});
}

namespace {

/// Why there is no device at that place; empty where it is a folder like any other.
std::string_view advice_on(const std::filesystem::path& home) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(home, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    return "Không có thư mục ghi ở --home. Hãy xem lại đường dẫn, hoặc ghi danh máy này bằng lệnh "
           "enrol.";
  }
  if (!failure && status.type() != std::filesystem::file_type::directory) {
    return "--home đang trỏ vào một tệp; hãy ghi thư mục của thiết bị.";
  }
  return {};
}

}  // namespace

Result<Device*> Session::device() {
  return open([this](LockKind lock) -> Result<std::optional<LockSecret>> {
    Result<std::optional<LockSecret>> given = given_secret({options_.pin_file, options_.key_file});
    if (!given || *given) return given;
    if (lock == LockKind::key_file) {
      return Error{ErrorCode::locked, "Thiết bị đang khóa; hãy đưa --key-file TỆP."};
    }
    Result<LockSecret> typed = typed_pin("Mã PIN của thiết bị: ");
    if (!typed) return typed.error();
    return std::optional<LockSecret>(std::move(*typed));
  });
}

Result<Device*> Session::device_as_it_is() {
  return open([this](LockKind /*lock*/) {
    return given_secret({options_.pin_file, options_.key_file});
  });
}

Result<Device*> Session::open(const Device::AskForSecret& ask) {
  if (!device_) {
    Result<std::unique_ptr<Device>> opened =
        only_reads_ ? Device::open_to_read(home(), ask) : Device::open(home(), ask);
    if (!opened) {
      advice_ = advice_about(opened.error());
      return opened.error();
    }
    device_ = std::move(*opened);
    if (!only_reads_) note_ = std::make_unique<HolderNote>(home(), command_);
  }
  return device_.get();
}

std::string Session::advice_about(const Error& error) const {
  if (error.code == ErrorCode::device_denied) {
    return fmt::format(
        "Người dùng này không được phép đọc thư mục “{}” của thiết bị. Hãy dùng đúng tài khoản đã "
        "ghi danh thiết bị; đừng ghi danh lại.",
        options_.home);
  }
  if (error.code == ErrorCode::not_permitted) {
    return "Tệp bí mật của thiết bị đang cho người khác đọc; hãy chạy lệnh chmod ghi bên cạnh.";
  }
  const bool is_missing =
      error.code == ErrorCode::not_enrolled || error.code == ErrorCode::not_found;
  if (is_missing) return std::string(advice_on(home()));
  if (error.code != ErrorCode::busy) return {};
  const std::optional<HomeHolder> holder = holder_of(home());
  if (!holder) return "Lệnh khác đang dùng thiết bị; hãy đợi lệnh đó xong rồi thử lại.";
  const std::string command = holder->command.empty() ? std::string() : holder->command + ", ";
  return fmt::format(
      "Lệnh khác đang dùng thiết bị ({}pid {}); hãy đợi lệnh đó xong, hoặc dừng nó bằng Ctrl-C.",
      command, holder->process);
}

Result<events::PersonId> Session::actor() {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const std::vector<events::PersonId>& persons = (*opened)->workspace().identity().persons;
  if (options_.actor.empty()) {
    if (persons.size() == 1) return persons.front();
    std::string names;
    for (const events::PersonId id : persons) {
      names += fmt::format("{}{} {}", names.empty() ? "" : "; ", to_string(id),
                           (*opened)->workspace().name_of(id.event));
    }
    return usage_error(
        fmt::format("Thiết bị có nhiều người dùng; hãy thêm --actor với một trong: {}.", names));
  }
  if (const Result<EventId> id = parse_event_id(options_.actor); id) return events::PersonId{*id};
  return person(options_.actor);
}

projections::UnitsOnDay Session::units_today() {
  const projections::State& state = (*device())->workspace().pending();
  return state.units().on(events::day_in_vietnam(platform::now()));
}

Result<events::Day> Session::business_day() const {
  if (options_.business_date.empty()) return events::day_in_vietnam(platform::now());
  return parse_business_day(options_.business_date);
}

Result<acts::Occasion> Session::occasion() {
  const Result<events::PersonId> who = actor();
  if (!who) return who.error();
  const Result<events::Day> day = business_day();
  if (!day) return day.error();
  return acts::Occasion{*who, [day = *day] { return acts::Stamp{day, platform::random_16()}; }};
}

Result<acts::Draft> Session::draft() {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  return acts::Draft((*opened)->workspace());
}

Result<void> Session::check_texts(const acts::Draft& draft) {
  if (const auto bad = draft.first_bad_text()) return bad_text_error(*bad);
  return {};
}

Result<int> Session::show(const Listing& listing) const {
  if (options_.json) {
    print_json(out_, clients::json_of(listing));
  } else {
    print_table(out_, listing);
  }
  return exit_ok;
}

}  // namespace clients

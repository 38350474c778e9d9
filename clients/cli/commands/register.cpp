#include "clients/cli/age_band.h"
#include "clients/cli/commands.h"
#include "clients/cli/look_alikes.h"
#include "clients/cli/look_first.h"
#include "clients/cli/output/words.h"
#include "clients/cli/registration.h"
#include "clients/core/acts/person_input.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <utility>

// Commands that bring people and collectives into the log: register, register-collective, officer.

namespace clients {

using events::Result;

namespace {

struct PersonOptions {
  std::string name, birth, gender = "không ghi", home, household, id_number, phone;
  std::string ethnicity;
  bool is_new = false;
  LookFirst look;
};

void declare_person(CommandOptions& command, PersonOptions& options) {
  command.add_option("--name", options.name, "Họ và tên");
  command.add_option("--birth", options.birth, "Năm sinh, hoặc ngày sinh 12/03/1990");
  command.add_option("--gender", options.gender, "Giới tính: " + words_of<events::Gender>());
  command.add_option("--ethnicity", options.ethnicity,
                     "Mã dân tộc 1–54, 55 người nước ngoài, 99 không rõ");
  command.add_option("--hamlet,--unit", options.home, "Thôn hoặc xã: mã, mã số hoặc tên");
  command.add_option("--household", options.household, "Mã hộ, nếu đã nhập");
  command.add_option("--id-number", options.id_number, "Số định danh, đúng 12 chữ số");
  command.add_option("--phone", options.phone, "Điện thoại, ví dụ 0912 345 678");
  command.add_flag("--new", options.is_new, "Là người khác, dù giống một người đã có");
}

// ---- requests ----

/// A whole number above 0 as it was typed.
Result<std::uint32_t> typed_count(std::string_view text, std::string_view what) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{} || stop != end || number == 0) {
    return usage_error(fmt::format("{} “{}” phải là số từ 1.", what, text));
  }
  return number;
}

/// What is written in digits; what was not typed stays unsaid.
Result<void> fill_numbers(const PersonOptions& options, events::PersonRecord& record) {
  if (!options.ethnicity.empty()) {
    const Result<std::uint32_t> typed = typed_count(options.ethnicity, "Mã dân tộc");
    if (!typed) return typed.error();
    const Result<std::uint8_t> code = read_ethnicity(*typed);
    if (!code) return code.error();
    record.ethnicity = *code;
  }
  if (!options.id_number.empty()) {
    Result<std::string> number = read_id_number(options.id_number);
    if (!number) return number.error();
    record.id_number = std::move(*number);
  }
  if (!options.phone.empty()) {
    Result<std::string> phone = read_phone(options.phone);
    if (!phone) return phone.error();
    record.phone = std::move(*phone);
  }
  return {};
}

Result<RecordRequest> introduce_person(Session& session, const PersonOptions& options,
                                       events::Day age_day) {
  events::PersonRecord record;
  events::PersonIntroduced introduced;
  const Result<std::string> name = typed_text(options.name);
  if (!name) return name.error();
  record.full_name = *name;
  if (!options.birth.empty()) {
    const auto birth = events::parse_partial_date(options.birth);
    if (!birth) return usage_error("Ngày sinh phải viết 1990, 03/1990 hoặc 12/03/1990.");
    record.birth = *birth;
  }
  if (Result<void> filled = fill_numbers(options, record); !filled) return filled.error();
  const Result<events::Gender> gender = parse_word<events::Gender>(options.gender);
  if (!gender) return gender.error();
  const Result<events::UnitId> home = session.unit(options.home);
  if (!home) return home.error();
  introduced.gender = *gender;
  introduced.home_unit = *home;
  introduced.age_band = age_band_on(record.birth, age_day);
  if (!options.household.empty()) {
    const Result<events::CollectiveId> household = session.collective(options.household);
    if (!household) return household.error();
    introduced.household = *household;
  }
  return session.request(introduced, {}, record);
}

// ---- register ----

struct RegisterOptions {
  std::string known_person;
  PersonOptions person;
  RegistrationOptions registration;
};

/// A child is asked about once: the titles are for those who learn beside their work.
Result<Decision> look_at_age(Session& session, const PersonOptions& options,
                             const RecordRequest& person) {
  const auto& introduced = std::get<events::PersonIntroduced>(person.payload);
  if (introduced.age_band != events::AgeBand::under_15) return Decision::go_on;
  if (!session.options().json) {
    print(session.out(), "{} sinh {}: chưa đủ 15 tuổi vào ngày tính tuổi của đợt xét.\n",
          options.name, options.birth);
  }
  return decide(session, options.look, "Vẫn đăng ký?", true);
}

Result<int> run_register(Session& session, const RegisterOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Result<RegistrationOptions> registration = complete(session, options.registration);
  if (!registration) return registration.error();
  const projections::State& state = (*device)->workspace().pending();
  const Result<events::CycleId> cycle = session.cycle(options.registration.cycle);
  if (!cycle) return cycle.error();

  std::vector<RecordRequest> requests;
  events::SubjectRef subject{events::SubjectKind::person, {}};
  events::UnitId home;
  if (!options.known_person.empty()) {
    const Result<events::PersonId> person = session.person(options.known_person);
    if (!person) return person.error();
    subject.id = person->event;
    home = state.subjects().find(*person)->home_unit;
    if (!options.person.home.empty()) {
      const Result<events::UnitId> given = session.unit(options.person.home);
      if (!given) return given.error();
      home = *given;
    }
  } else {
    if (options.person.name.empty() || options.person.home.empty()) {
      return usage_error("Hãy cho --person MÃ của người đã có, hoặc --name và --hamlet.");
    }
    const events::Day age_day = state.rulebook().find(*cycle)->content.reference_day;
    Result<RecordRequest> person = introduce_person(session, options.person, age_day);
    if (!person) return person.error();
    if (!options.person.is_new) {
      const Result<bool> here = is_here_already(session, *person, "--person");
      if (!here) return here.error();
      if (*here) return exit_refused;
    }
    const Result<Decision> looked = look_at_age(session, options.person, *person);
    if (!looked) return looked.error();
    if (*looked == Decision::stop) return exit_of_stop(options.person.look);
    home = std::get<events::PersonIntroduced>(person->payload).home_unit;
    subject.id = (*device)->workspace().next_id();
    requests.push_back(std::move(*person));
  }
  if (Result<void> added = open_and_register(session, *registration, subject, home, requests);
      !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- register-collective ----

struct CollectiveOptions {
  std::string known, kind, name, home, head, members;
  bool is_new = false;
  RegistrationOptions registration;
};

Result<int> run_register_collective(Session& session, const CollectiveOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  std::vector<RecordRequest> requests;
  events::SubjectRef subject{events::SubjectKind::collective, {}};
  events::UnitId home;
  if (!options.known.empty()) {
    const Result<events::CollectiveId> known = session.collective(options.known);
    if (!known) return known.error();
    subject.id = known->event;
    home = (*device)->workspace().pending().subjects().find(*known)->home_unit;
  } else {
    if (options.kind.empty() || options.name.empty() || options.home.empty()) {
      return usage_error("Hãy cho --collective MÃ đã có, hoặc --kind, --name và --unit.");
    }
    events::CollectiveIntroduced introduced;
    const auto kind = parse_word<events::CollectiveKind>(options.kind);
    if (!kind) return kind.error();
    const Result<std::string> name = typed_text(options.name);
    if (!name) return name.error();
    const Result<events::UnitId> unit = session.unit(options.home);
    if (!unit) return unit.error();
    if (!options.head.empty()) {
      const Result<events::PersonId> head = session.person(options.head);
      if (!head) return head.error();
      introduced.head = *head;
    }
    introduced.kind = *kind;
    introduced.home_unit = home = *unit;
    if (!options.members.empty()) {
      const Result<std::uint32_t> members = typed_count(options.members, "Số người, nếu biết");
      if (!members) return members.error();
      introduced.member_count = *members;
    }
    subject.id = (*device)->workspace().next_id();
    Result<RecordRequest> request =
        session.request(introduced, {}, events::CollectiveRecord{*name});
    if (!request) return request.error();
    if (!options.is_new) {
      const Result<bool> here = is_here_already(session, *request, "--collective");
      if (!here) return here.error();
      if (*here) return exit_refused;
    }
    requests.push_back(std::move(*request));
  }
  if (!options.registration.cycle.empty()) {
    const Result<RegistrationOptions> registration = complete(session, options.registration);
    if (!registration) return registration.error();
    if (Result<void> added = open_and_register(session, *registration, subject, home, requests);
        !added) {
      return added.error();
    }
  }
  if (requests.empty()) return usage_error("Hãy cho --cycle để đăng ký cho tập thể đã có.");
  return session.record(requests);
}

// ---- officer ----

Result<int> run_officer(Session& session, const PersonOptions& options) {
  const Result<events::Day> day = session.business_day();
  if (!day) return day.error();
  Result<RecordRequest> request = introduce_person(session, options, *day);
  if (!request) return request.error();
  if (!options.is_new) {
    const Result<bool> here = is_here_already(session, *request, "");
    if (!here) return here.error();
    if (*here) return exit_refused;
  }
  return session.record({&*request, 1});
}

}  // namespace

void add_register_commands(CommandLine& line) {
  add_command<RegisterOptions>(
      line, "register", "Đăng ký danh hiệu cho một công dân",
      "  khuyenhoc --home H register --cycle 2025 --group \"nông dân\" \\\n"
      "    --name \"Lò Thị Ánh\" --birth 12/03/1990 --gender nữ --hamlet \"Bản Nà Tấu\" \\\n"
      "    --consent \"xét danh hiệu,thống kê\" --paper-form 05 \\\n"
      "    --confirmed-by \"ký trên phiếu giấy\" \\\n"
      "    --proxy \"cao tuổi\" --proxy-by \"Chi hội trưởng\"",
      [](CommandOptions& command, RegisterOptions& options) {
        command.add_option("--person", options.known_person, "Mã người đã có");
        declare_person(command, options.person);
        command.add_option("--cycle", options.registration.cycle, "Đợt xét: mã hoặc tên")
            .required();
        command
            .add_option("--group", options.registration.group,
                        "Nhóm đối tượng: " + words_of<events::GroupCode>())
            .required();
        declare_registration(command, options.registration);
        declare_look(command, options.person.look);
      },
      run_register);
  add_command<CollectiveOptions>(
      line, "register-collective",
      "Nhập hộ, dòng họ, cộng đồng, đơn vị; có --cycle thì đăng ký luôn",
      "  khuyenhoc --home H register-collective --kind \"hộ gia đình\" \\\n"
      "    --name \"Hộ ông Lò Văn Pản\" \\\n"
      "    --unit \"Bản Nà Tấu\" --members 5 --cycle \"Gia đình 2025\" \\\n"
      "    --consent \"xét danh hiệu,thống kê\" --confirmed-by \"người đăng ký có mặt\"",
      [](CommandOptions& command, CollectiveOptions& options) {
        command.add_option("--collective", options.known, "Mã tập thể đã có");
        command.add_option("--kind", options.kind, "Loại: " + words_of<events::CollectiveKind>());
        command.add_option("--name", options.name, "Tên");
        command.add_flag("--new", options.is_new, "Là tập thể khác, dù giống một tập thể đã có");
        command.add_option("--hamlet,--unit", options.home, "Thôn hoặc xã");
        command.add_option("--head", options.head, "Mã người đứng đầu");
        command.add_option("--members", options.members, "Số người, nếu biết");
        command.add_option("--cycle", options.registration.cycle, "Đợt xét");
        declare_registration(command, options.registration);
      },
      run_register_collective);
  add_command<PersonOptions>(
      line, "officer", "Nhập một cán bộ (người), để sau đó giao vai trò",
      "  khuyenhoc --home H officer --name \"Quàng Văn Thành\" --birth 1975 \\\n"
      "    --gender nam --unit \"Xã Nà Tấu\"",
      [](CommandOptions& command, PersonOptions& options) {
        declare_person(command, options);
        command.option("--name").required();
        command.option("--birth").required();
        command.option("--hamlet").required();
      },
      run_officer);
}

}  // namespace clients

#include "clients/core/acts/register.h"

#include "clients/cli/commands.h"
#include "clients/cli/look_alikes.h"
#include "clients/cli/look_first.h"
#include "clients/cli/output/words.h"
#include "clients/cli/registration.h"
#include "clients/core/acts/age_band.h"
#include "clients/core/acts/person_input.h"

#include <cstdint>
#include <optional>
#include <string>
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

/// What is written in digits; what was not typed stays unsaid.
Result<void> fill_numbers(const PersonOptions& options, events::PersonRecord& record) {
  if (!options.ethnicity.empty()) {
    const Result<std::uint32_t> typed = read_count(options.ethnicity, "Mã dân tộc");
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

Result<acts::NewPerson> typed_person(Session& session, const PersonOptions& options,
                                     events::Day age_day) {
  acts::NewPerson person;
  person.record.full_name = options.name;
  if (!options.birth.empty()) {
    const Result<events::PartialDate> birth = read_birth(options.birth);
    if (!birth) return birth.error();
    person.record.birth = *birth;
  }
  if (Result<void> filled = fill_numbers(options, person.record); !filled) return filled.error();
  const Result<events::Gender> gender = parse_word<events::Gender>(options.gender);
  if (!gender) return gender.error();
  const Result<events::UnitId> home = session.unit(options.home);
  if (!home) return home.error();
  person.gender = *gender;
  person.home = *home;
  person.age_band = age_band_on(person.record.birth, age_day);
  if (!options.household.empty()) {
    const Result<events::CollectiveId> household = session.collective(options.household);
    if (!household) return household.error();
    person.household = *household;
  }
  return person;
}

/// Adds somebody to the draft, unless they are here already, which is said: then nothing.
template <class New>
Result<std::optional<events::EventId>> add_new(Session& session, const New& introduced, bool is_new,
                                               const char* known_option, acts::Draft& draft,
                                               const acts::Occasion& occasion) {
  const auto id = acts::introduce(draft, occasion, introduced);
  if (!id) return id.error();
  if (Result<void> texts = Session::check_texts(draft); !texts) return texts.error();
  if (is_new) return std::optional<events::EventId>{id->event};
  const Result<bool> here = is_here_already(session, introduced, known_option);
  if (!here) return here.error();
  if (*here) return std::optional<events::EventId>{};
  return std::optional<events::EventId>{id->event};
}

// ---- register ----

struct RegisterOptions {
  std::string known_person;
  PersonOptions person;
  RegistrationOptions registration;
};

/// A child is asked about once: the titles are for those who learn beside their work.
Result<Decision> look_at_age(Session& session, const PersonOptions& options,
                             const acts::NewPerson& person) {
  if (person.age_band != events::AgeBand::under_15) return Decision::go_on;
  if (!session.options().json) {
    print(session.out(), "{} sinh {}: chưa đủ 15 tuổi vào ngày tính tuổi của đợt xét.\n",
          options.name, options.birth);
  }
  return decide(session, options.look, "Vẫn đăng ký?", true);
}

Result<int> run_register(Session& session, const RegisterOptions& options) {
  Result<acts::Draft> draft = session.draft();
  if (!draft) return draft.error();
  const Result<acts::Declaration> declaration = declared(session, options.registration);
  if (!declaration) return declaration.error();
  const projections::State& state = draft->state();
  const Result<events::CycleId> cycle = session.cycle(options.registration.cycle);
  if (!cycle) return cycle.error();

  Registrant registrant{{events::SubjectKind::person, {}}, {}, *declaration};
  Result<acts::Occasion> occasion = session.occasion();
  if (!options.known_person.empty()) {
    const Result<events::PersonId> person = session.person(options.known_person);
    if (!person) return person.error();
    registrant.subject.id = person->event;
    registrant.home = state.subjects().find(*person)->home_unit;
    if (!options.person.home.empty()) {
      const Result<events::UnitId> given = session.unit(options.person.home);
      if (!given) return given.error();
      registrant.home = *given;
    }
    if (!occasion) return occasion.error();
  } else {
    if (options.person.name.empty() || options.person.home.empty()) {
      return usage_error("Hãy cho --person MÃ của người đã có, hoặc --name và --hamlet.");
    }
    const events::Day age_day = state.rulebook().find(*cycle)->content.reference_day;
    const Result<acts::NewPerson> person = typed_person(session, options.person, age_day);
    if (!person) return person.error();
    if (!occasion) return occasion.error();
    const Result<std::optional<events::EventId>> added =
        add_new(session, *person, options.person.is_new, "--person", *draft, *occasion);
    if (!added) return added.error();
    if (!*added) return exit_refused;
    const Result<Decision> looked = look_at_age(session, options.person, *person);
    if (!looked) return looked.error();
    if (*looked == Decision::stop) return exit_of_stop(options.person.look);
    registrant.home = person->home;
    registrant.subject.id = **added;
  }
  const Result<void> added =
      add_registration(session, options.registration, registrant, *draft, *occasion);
  if (!added) return added.error();
  return session.record(*draft);
}

// ---- register-collective ----

struct CollectiveOptions {
  std::string known, kind, name, home, head, members;
  bool is_new = false;
  RegistrationOptions registration;
};

Result<acts::NewCollective> typed_collective(Session& session, const CollectiveOptions& options) {
  acts::NewCollective collective;
  const auto kind = parse_word<events::CollectiveKind>(options.kind);
  if (!kind) return kind.error();
  const Result<events::UnitId> unit = session.unit(options.home);
  if (!unit) return unit.error();
  collective.name = options.name;
  collective.kind = *kind;
  collective.home = *unit;
  if (!options.head.empty()) {
    const Result<events::PersonId> head = session.person(options.head);
    if (!head) return head.error();
    collective.head = *head;
  }
  if (!options.members.empty()) {
    const Result<std::uint32_t> members = read_count(options.members, "Số người, nếu biết");
    if (!members) return members.error();
    collective.member_count = *members;
  }
  return collective;
}

Result<int> run_register_collective(Session& session, const CollectiveOptions& options) {
  Result<acts::Draft> draft = session.draft();
  if (!draft) return draft.error();
  const Result<acts::Occasion> occasion = session.occasion();
  Registrant registrant{{events::SubjectKind::collective, {}}, {}, {}};
  if (!options.known.empty()) {
    const Result<events::CollectiveId> known = session.collective(options.known);
    if (!known) return known.error();
    registrant.subject.id = known->event;
    registrant.home = draft->state().subjects().find(*known)->home_unit;
  } else {
    if (options.kind.empty() || options.name.empty() || options.home.empty()) {
      return usage_error("Hãy cho --collective MÃ đã có, hoặc --kind, --name và --unit.");
    }
    const Result<acts::NewCollective> collective = typed_collective(session, options);
    if (!collective) return collective.error();
    if (!occasion) return occasion.error();
    const Result<std::optional<events::EventId>> added =
        add_new(session, *collective, options.is_new, "--collective", *draft, *occasion);
    if (!added) return added.error();
    if (!*added) return exit_refused;
    registrant.home = collective->home;
    registrant.subject.id = **added;
  }
  if (!options.registration.cycle.empty()) {
    const Result<acts::Declaration> declaration = declared(session, options.registration);
    if (!declaration) return declaration.error();
    if (!occasion) return occasion.error();
    registrant.declaration = *declaration;
    const Result<void> added =
        add_registration(session, options.registration, registrant, *draft, *occasion);
    if (!added) return added.error();
  }
  if (draft->size() == 0) return usage_error("Hãy cho --cycle để đăng ký cho tập thể đã có.");
  return session.record(*draft);
}

// ---- officer ----

Result<int> run_officer(Session& session, const PersonOptions& options) {
  const Result<events::Day> day = session.business_day();
  if (!day) return day.error();
  const Result<acts::NewPerson> person = typed_person(session, options, *day);
  if (!person) return person.error();
  Result<acts::Draft> draft = session.draft();
  if (!draft) return draft.error();
  const Result<acts::Occasion> occasion = session.occasion();
  if (!occasion) return occasion.error();
  const Result<std::optional<events::EventId>> added =
      add_new(session, *person, options.is_new, "", *draft, *occasion);
  if (!added) return added.error();
  if (!*added) return exit_refused;
  return session.record(*draft);
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

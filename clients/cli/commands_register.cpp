#include "clients/cli/age_band.h"
#include "clients/cli/commands.h"
#include "clients/cli/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

// Commands that bring people and collectives into the log: register, register-collective, officer.

namespace clients {

using events::Result;

namespace {

struct PersonOptions {
  std::string name, birth, gender = "unspecified", home, household, id_number, phone;
  std::uint16_t ethnicity = 0;
};

struct RegistrationOptions {
  std::string cycle, group = "none", basis = "consent", confirmation = "subject_present";
  std::vector<std::string> consent = {"assess", "statistics"};
  std::string proxy = "none", proxy_by, paper_form, witness, place;
};

void declare_person(CommandOptions& command, PersonOptions& options) {
  command.add_option("--name", options.name, "Họ và tên");
  command.add_option("--birth", options.birth, "Năm sinh, hoặc ngày sinh 12/03/1990");
  command.add_option("--gender", options.gender, words_of<events::Gender>());
  command.add_option("--ethnicity", options.ethnicity, "Mã dân tộc 1–56, 99 không rõ");
  command.add_option("--hamlet,--unit", options.home, "Thôn hoặc xã: mã, mã số hoặc tên");
  command.add_option("--household", options.household, "Mã hộ, nếu đã nhập");
  command.add_option("--id-number", options.id_number, "Số định danh, 12 chữ số");
  command.add_option("--phone", options.phone, "Điện thoại, +84…");
}

void declare_registration(CommandOptions& command, RegistrationOptions& options) {
  command.add_option("--basis", options.basis, words_of<events::LawfulBasis>());
  command
      .add_option("--consent", options.consent,
                  "assess, publish_list, statistics, share_employer, contact")
      .delimiter(',');
  command.add_option("--confirmed-by", options.confirmation, words_of<events::Confirmation>());
  command.add_option("--proxy", options.proxy,
                     "Vì sao nhập thay: " + words_of<events::ProxyReason>());
  command.add_option("--proxy-by", options.proxy_by, "Quan hệ hoặc chức vụ người nhập thay");
  command.add_option("--paper-form", options.paper_form, "Số phiếu giấy");
  command.add_option("--witness", options.witness, "Người làm chứng");
  command.add_option("--place", options.place, "Nơi nhập");
}

// ---- requests ----

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
  if (options.ethnicity > 99) return usage_error("Mã dân tộc là 1–56, hoặc 99 khi không rõ.");
  record.ethnicity = static_cast<std::uint8_t>(options.ethnicity);
  record.id_number = options.id_number;
  record.phone = options.phone;
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

Result<std::uint8_t> consent_bits(const std::vector<std::string>& words) {
  struct Purpose {
    std::string_view word;
    std::uint8_t bit;
  };
  static constexpr std::array purposes = {
      Purpose{"assess", events::consent_assess},
      Purpose{"publish_list", events::consent_publish_list},
      Purpose{"statistics", events::consent_statistics},
      Purpose{"share_employer", events::consent_share_employer},
      Purpose{"contact", events::consent_contact},
  };
  std::uint8_t bits = 0;
  for (const std::string& word : words) {
    const auto* const found = std::ranges::find(purposes, word, &Purpose::word);
    if (found == purposes.end()) {
      return usage_error(fmt::format("Không hiểu mục đích đồng ý “{}”; xem --help.", word));
    }
    bits = static_cast<std::uint8_t>(bits | found->bit);
  }
  return bits;
}

/// DossierOpened and DossierRegistered; the dossier's own id comes `skip` events from now.
Result<void> open_and_register(Session& session, const RegistrationOptions& options,
                               const events::SubjectRef& subject, events::UnitId home,
                               std::vector<RecordRequest>& requests) {
  const Result<events::CycleId> cycle = session.cycle(options.cycle);
  if (!cycle) return cycle.error();
  const Result<events::GroupCode> group = parse_word<events::GroupCode>(options.group);
  if (!group) return group.error();
  const Result<events::LawfulBasis> basis = parse_word<events::LawfulBasis>(options.basis);
  if (!basis) return basis.error();
  const auto confirmation = parse_word<events::Confirmation>(options.confirmation);
  if (!confirmation) return confirmation.error();
  const auto proxy = parse_word<events::ProxyReason>(options.proxy);
  if (!proxy) return proxy.error();
  const Result<std::uint8_t> consent = consent_bits(options.consent);
  if (!consent) return consent.error();

  const events::EventId dossier = (*session.device())->workspace().next_id(requests.size());
  Result<RecordRequest> opened =
      session.request(events::DossierOpened{subject, *cycle, *group, home});
  if (!opened) return opened.error();
  requests.push_back(std::move(*opened));

  events::DossierRegistered registered;
  registered.basis = *basis;
  if (*basis == events::LawfulBasis::consent) registered.consent_purposes = *consent;
  registered.confirmation = *confirmation;
  registered.proxy = *proxy;
  std::optional<events::PrivateFields> fields;
  if (*proxy != events::ProxyReason::none) {
    events::ProxyRecord record;
    const Result<void> filled = fill_fields({{options.proxy_by, record.relation_or_office},
                                             {options.paper_form, record.paper_form_number},
                                             {options.witness, record.witness},
                                             {options.place, record.place}});
    if (!filled) return filled.error();
    fields = record;
  }
  const events::StreamId about{events::StreamKind::dossier, dossier};
  Result<RecordRequest> request = session.request(registered, about, std::move(fields));
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  return {};
}

// ---- register ----

struct RegisterOptions {
  std::string known_person;
  PersonOptions person;
  RegistrationOptions registration;
};

Result<int> run_register(Session& session, const RegisterOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
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
    home = std::get<events::PersonIntroduced>(person->payload).home_unit;
    subject.id = (*device)->workspace().next_id();
    requests.push_back(std::move(*person));
  }
  if (Result<void> added =
          open_and_register(session, options.registration, subject, home, requests);
      !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- register-collective ----

struct CollectiveOptions {
  std::string known, kind, name, home, head;
  std::uint32_t members = 0;
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
    introduced.member_count = options.members;
    subject.id = (*device)->workspace().next_id();
    Result<RecordRequest> request =
        session.request(introduced, {}, events::CollectiveRecord{*name});
    if (!request) return request.error();
    requests.push_back(std::move(*request));
  }
  if (!options.registration.cycle.empty()) {
    if (Result<void> added =
            open_and_register(session, options.registration, subject, home, requests);
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
  return session.record({&*request, 1});
}

}  // namespace

void add_register_commands(CommandLine& line) {
  add_command<RegisterOptions>(
      line, "register", "Đăng ký danh hiệu cho một công dân",
      "  khuyenhoc --home H register --cycle 2025 --group farmer_rural --name \"Lò Thị Ánh\" \\\n"
      "    --birth 12/03/1990 --gender female --hamlet \"Bản Nà Tấu\" \\\n"
      "    --proxy no_smartphone --proxy-by \"Chi hội trưởng\" --paper-form 05 "
      "--confirmed-by signature_on_paper",
      [](CommandOptions& command, RegisterOptions& options) {
        command.add_option("--person", options.known_person, "Mã người đã có");
        declare_person(command, options.person);
        command.add_option("--cycle", options.registration.cycle, "Đợt xét: mã hoặc tên")
            .required();
        command.add_option("--group", options.registration.group, words_of<events::GroupCode>())
            .required();
        declare_registration(command, options.registration);
      },
      run_register);
  add_command<CollectiveOptions>(
      line, "register-collective",
      "Nhập hộ, dòng họ, cộng đồng, đơn vị; có --cycle thì đăng ký luôn",
      "  khuyenhoc --home H register-collective --kind household --name \"Hộ ông Lò Văn Pản\" \\\n"
      "    --unit \"Bản Nà Tấu\" --members 5 --cycle \"Gia đình 2025\"",
      [](CommandOptions& command, CollectiveOptions& options) {
        command.add_option("--collective", options.known, "Mã tập thể đã có");
        command.add_option("--kind", options.kind, words_of<events::CollectiveKind>());
        command.add_option("--name", options.name, "Tên");
        command.add_option("--hamlet,--unit", options.home, "Thôn hoặc xã");
        command.add_option("--head", options.head, "Mã người đứng đầu");
        command.add_option("--members", options.members, "Số người");
        command.add_option("--cycle", options.registration.cycle, "Đợt xét");
        declare_registration(command, options.registration);
      },
      run_register_collective);
  add_command<PersonOptions>(
      line, "officer", "Nhập một cán bộ (người), để sau đó giao vai trò",
      "  khuyenhoc --home H officer --name \"Quàng Văn Thành\" --birth 1975 --gender male "
      "--unit \"Xã Nà Tấu\"",
      [](CommandOptions& command, PersonOptions& options) {
        declare_person(command, options);
        command.option("--name").required();
        command.option("--birth").required();
        command.option("--hamlet").required();
      },
      run_officer);
}

}  // namespace clients

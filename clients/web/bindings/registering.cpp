#include "clients/web/bindings/registering.h"

#include "clients/core/acts/age_band.h"
#include "clients/core/acts/person_input.h"
#include "clients/core/acts/register.h"

#include <optional>
#include <utility>

namespace clients::web {

using events::Result;

namespace {

/// The words by which a page names the purposes that somebody agrees to.
struct Purpose {
  std::string_view word;
  std::uint8_t bit;
};
constexpr Purpose purposes[] = {
    {"assess", events::consent_assess},         {"publish_list", events::consent_publish_list},
    {"statistics", events::consent_statistics}, {"share_employer", events::consent_share_employer},
    {"contact", events::consent_contact},
};

std::uint8_t consent_in(ActSheet& sheet) {
  unsigned bits = 0;
  for (const std::string& word : sheet.all("consent")) {
    unsigned bit = 0;
    for (const Purpose& purpose : purposes) {
      if (purpose.word == word) bit = purpose.bit;
    }
    if (bit == 0) sheet.add_problem("consent", {});
    bits |= bit;
  }
  return static_cast<std::uint8_t>(bits);
}

std::string_view name_of(acts::DeclarationField field) {
  using enum acts::DeclarationField;
  switch (field) {
    case basis:
      return "basis";
    case consent:
      return "consent";
    case confirmation:
      return "confirmation";
    case proxy:
      return "proxy";
    case witness:
      return "witness";
    case relation_or_office:
      return "proxy_by";
    case witness_or_paper_form:
      return "witness_or_paper_form";
  }
  return {};
}

acts::Declaration declaration_in(ActSheet& sheet) {
  acts::Declaration declaration;
  declaration.basis = sheet.word<events::LawfulBasis>("basis");
  declaration.consent_purposes = consent_in(sheet);
  declaration.confirmation = sheet.word<events::Confirmation>("confirmation");
  declaration.proxy = sheet.word<events::ProxyReason>("proxy");
  declaration.proxy_record = {sheet.text("proxy_by"), sheet.text("paper_form"),
                              sheet.text("witness"), sheet.text("place")};
  return acts::completed(declaration);
}

acts::NewPerson person_in(ActSheet& sheet, events::Day age_day) {
  acts::NewPerson person;
  person.record.full_name = sheet.text("name");
  if (person.record.full_name.empty()) sheet.add_problem("name", {});
  if (sheet.has("birth")) {
    person.record.birth = sheet.value_or_problem("birth", read_birth(sheet.text("birth")));
  }
  if (sheet.has("id_number")) {
    person.record.id_number =
        sheet.value_or_problem("id_number", read_id_number(sheet.text("id_number")));
  }
  if (sheet.has("phone")) {
    person.record.phone = sheet.value_or_problem("phone", read_phone(sheet.text("phone")));
  }
  if (sheet.has("ethnicity")) {
    const auto code = read_count(sheet.text("ethnicity"), "");
    const Result<std::uint8_t> ethnicity =
        code ? read_ethnicity(*code) : Result<std::uint8_t>(code.error());
    person.record.ethnicity = sheet.value_or_problem("ethnicity", ethnicity);
  }
  person.gender = sheet.word<events::Gender>("gender").value_or(events::Gender::unspecified);
  person.home = events::UnitId{sheet.needed_id("unit")};
  person.household = events::CollectiveId{sheet.id("household")};
  person.age_band = age_band_on(person.record.birth, age_day);
  return person;
}

}  // namespace

Result<void> add_registration(PageDevice& device, ActSheet& sheet, acts::Draft& draft,
                              const acts::Occasion& occasion, Asked& asked) {
  const projections::State& state = draft.state();
  const events::CycleId cycle_id{sheet.needed_id("cycle")};
  const projections::Cycle* const cycle = state.rulebook().find(cycle_id);
  if (cycle == nullptr && sheet.has("cycle")) sheet.add_problem("cycle", {});
  const events::Day age_day = cycle != nullptr ? cycle->content.reference_day : events::Day{};
  acts::Registration registration;
  registration.subject.kind = events::SubjectKind::person;
  registration.cycle = cycle_id;
  registration.group = sheet.needed_word<events::GroupCode>("group");
  registration.declaration = declaration_in(sheet);
  for (const acts::DeclarationField field : acts::missing_in(registration.declaration)) {
    asked.missing.push_back(name_of(field));
  }

  std::optional<acts::NewPerson> person;
  if (sheet.has("person")) {
    const events::PersonId known{sheet.needed_id("person")};
    const projections::Person* const row = state.subjects().find(known);
    if (row == nullptr) sheet.add_problem("person", {});
    registration.subject.id = known.event;
    if (row != nullptr) registration.home = row->home_unit;
  } else {
    person = person_in(sheet, age_day);
    asked.alike = device.people().look_alikes(person->record.full_name, person->record.birth,
                                              person->home, person->record.id_number);
    asked.is_young = person->age_band == events::AgeBand::under_15;
  }
  const bool is_alike_open = !asked.alike.empty() && !sheet.flag("new");
  const bool is_age_open = asked.is_young && !sheet.flag("young");
  asked.must_be_answered = is_alike_open || is_age_open || !asked.missing.empty();
  if (!sheet.problems().empty()) return {};

  if (person) {
    const Result<events::PersonId> introduced = acts::introduce(draft, occasion, *person);
    if (!introduced) {
      sheet.add_problem("name", text_of(introduced.error()));
      return {};
    }
    registration.subject.id = introduced->event;
    registration.home = person->home;
  }
  if (!asked.missing.empty()) return {};
  const Result<events::DossierId> dossier = acts::register_dossier(draft, occasion, registration);
  if (!dossier) return dossier.error();
  return {};
}

void write_asked(events::JsonWriter& json, PageDevice& device, const Asked& asked) {
  json.key("missing");
  json.begin_list();
  for (const std::string_view field : asked.missing) json.text(field);
  json.end();
  json.key("alike");
  json.begin_list();
  for (const IndexedPerson* const person : asked.alike) {
    json.begin_object();
    json.member("id", to_string(person->id));
    json.member("name", person->name);
    json.member("birth", events::to_vietnamese(person->birth));
    json.member("unit",
                device.workspace().pending().units().on(device.today()).name_of(person->home));
    json.end();
  }
  json.end();
  json.key("young");
  json.boolean(asked.is_young);
}

}  // namespace clients::web

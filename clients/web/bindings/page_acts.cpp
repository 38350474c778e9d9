#include "clients/web/bindings/page_acts.h"

#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/evidence.h"
#include "clients/core/acts/recording.h"
#include "clients/core/acts/score.h"
#include "clients/core/acts/typed_text.h"
#include "clients/web/bindings/act_sheet.h"
#include "clients/web/bindings/page_photos.h"
#include "clients/web/bindings/registering.h"
#include "projections/texts/field_texts.h"
#include "projections/texts/texts.h"

#include <optional>
#include <span>
#include <utility>

namespace clients::web {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// Who acts, and on which day.
Result<acts::Occasion> occasion_of(PageDevice& device, ActSheet& sheet, events::Timestamp now) {
  const std::vector<events::PersonId>& people = device.workspace().identity().persons;
  events::PersonId actor{sheet.id("actor")};
  if (actor.is_none() && people.size() == 1) actor = people.front();
  bool is_of_device = false;
  for (const events::PersonId person : people) is_of_device = is_of_device || person == actor;
  if (!is_of_device) sheet.add_problem("actor", {});
  events::Day day = events::day_in_vietnam(now);
  if (sheet.has("day")) {
    day = sheet.value_or_problem("day", parse_business_day(sheet.text("day")), day);
  }
  return acts::Occasion{actor, [&device, day] { return acts::Stamp{day, device.draw_salt()}; }};
}

/// An act on one dossier with what is typed about it; what is wrong stands in the sheet.
using AddAct = Result<void> (*)(PageDevice&, ActSheet&, acts::Draft&, const acts::Occasion&);

Result<void> add_scores(PageDevice& device, ActSheet& sheet, acts::Draft& draft,
                        const acts::Occasion& occasion) {
  const events::DossierId dossier{sheet.needed_id("dossier")};
  if (!sheet.problems().empty()) return {};
  const Result<acts::BoundSheet> bound = acts::sheet_of(device.workspace().pending(), dossier);
  if (!bound) return bound.error();
  const Result<acts::Scores> scores = acts::read_sheet(*bound, sheet.all("score"));
  if (!scores) {
    sheet.add_problem("score", text_of(scores.error()));
    return {};
  }
  acts::record_scores(draft, occasion, dossier, *scores);
  return {};
}

Result<void> add_evidence(PageDevice& device, ActSheet& sheet, acts::Draft& draft,
                          const acts::Occasion& occasion) {
  acts::Evidence evidence;
  evidence.dossier = events::DossierId{sheet.needed_id("dossier")};
  evidence.kind = sheet.needed_word<events::EvidenceKind>("kind");
  evidence.document_day =
      sheet.value_or_problem("document_day", acts::read_document_day(sheet.text("document_day")));
  if (!sheet.has("what")) sheet.add_problem("what", {});
  evidence.record = {sheet.text("what"), sheet.text("issuer"), sheet.text("where_kept")};
  if (!sheet.problems().empty()) return {};
  const projections::State& state = device.workspace().pending();
  const Result<std::uint32_t> indicators =
      acts::indicators_named(state, evidence.dossier, sheet.all("indicator"));
  if (!indicators) return indicators.error();
  evidence.indicators = *indicators;
  const std::optional<acts::EvidenceFiles> photo = read_photo(sheet);
  if (!sheet.problems().empty()) return {};
  return photo ? acts::attach_evidence(draft, occasion, evidence, *photo)
               : acts::sight_evidence(draft, occasion, evidence);
}

Result<void> add_acceptance(PageDevice&, ActSheet& sheet, acts::Draft& draft,
                            const acts::Occasion& occasion) {
  std::vector<events::DossierId> dossiers;
  for (const events::EventId id : sheet.ids("dossier")) dossiers.emplace_back(id);
  if (!sheet.problems().empty()) return {};
  acts::accept(draft, occasion, dossiers);
  return {};
}

Result<void> add_return(PageDevice&, ActSheet& sheet, acts::Draft& draft,
                        const acts::Occasion& occasion) {
  acts::Return wanted;
  wanted.dossier = events::DossierId{sheet.needed_id("dossier")};
  wanted.reason = sheet.needed_word<events::ReturnReason>("reason");
  wanted.return_to = sheet.needed_word<events::DossierState>("return_to");
  wanted.note = sheet.text("note");
  if (!sheet.problems().empty()) return {};
  return acts::return_dossier(draft, occasion, wanted);
}

Result<void> add_resubmission(PageDevice&, ActSheet& sheet, acts::Draft& draft,
                              const acts::Occasion& occasion) {
  const events::DossierId dossier{sheet.needed_id("dossier")};
  if (!sheet.problems().empty()) return {};
  return acts::resubmit(draft, occasion, dossier, sheet.text("note"));
}

Result<void> add_withdrawal(PageDevice&, ActSheet& sheet, acts::Draft& draft,
                            const acts::Occasion& occasion) {
  const events::DossierId dossier{sheet.needed_id("dossier")};
  if (!sheet.problems().empty()) return {};
  return acts::withdraw(draft, occasion, dossier, sheet.text("note"));
}

struct NamedAct {
  std::string_view name;
  AddAct add;
};

constexpr NamedAct named_acts[] = {
    {"score", add_scores},  {"evidence", add_evidence},     {"accept", add_acceptance},
    {"return", add_return}, {"resubmit", add_resubmission}, {"withdraw", add_withdrawal},
};

void write_verdict(events::JsonWriter& json, std::string_view key, const events::Verdict& verdict) {
  json.key(key);
  json.begin_object();
  json.member("rule", projections::id_of(verdict.rule));
  json.member("text", projections::explain(verdict));
  json.end();
}

void write_recorded(events::JsonWriter& json, std::span<const RecordRequest> requests,
                    const RecordedTogether& done) {
  if (done.refused) write_verdict(json, "refused", done.recorded[*done.refused].verdict);
  for (const Recorded& recorded : done.recorded) {
    if (recorded.verdict.code != events::VerdictCode::held) continue;
    write_verdict(json, "waits", recorded.verdict);
    break;
  }
  json.key("events");
  json.begin_list();
  for (std::size_t index = 0; index < done.recorded.size(); ++index) {
    json.begin_object();
    json.member("id", to_string(done.recorded[index].id));
    json.member("kind", projections::name_vi(type_of(requests[index].payload)));
    json.member("verdict", events::word_of(done.recorded[index].verdict.code));
    json.end();
  }
  json.end();
}

/// What became of an act.
struct Outcome {
  bool stored = false;
  const std::vector<Problem>* problems = nullptr;
  const Asked* asked = nullptr;
  const acts::Draft* draft = nullptr;
  const RecordedTogether* done = nullptr;  ///< Null when it was not judged.
};

Reply outcome_reply(PageDevice& device, const Outcome& outcome) {
  return reply_with([&](events::JsonWriter& json) {
    json.key("stored");
    json.boolean(outcome.stored);
    json.key("problems");
    json.begin_list();
    for (const Problem& problem : *outcome.problems) {
      json.begin_object();
      json.member("field", problem.field);
      json.member("text", problem.text);
      json.end();
    }
    json.end();
    write_asked(json, device, *outcome.asked);
    if (outcome.done != nullptr) write_recorded(json, outcome.draft->requests(), *outcome.done);
  });
}

Reply judge_or_record(PageDevice& device, ActSheet& sheet, const Asked& asked,
                      const acts::Draft& draft, events::Timestamp now) {
  if (const std::optional<events::BadText> bad = draft.first_bad_text()) {
    sheet.add_problem(bad->field, std::string(projections::name_vi(bad->fault)));
  }
  Outcome outcome{false, &sheet.problems(), &asked, &draft, nullptr};
  if (!sheet.problems().empty() || draft.size() == 0) return outcome_reply(device, outcome);
  acts::RecordingLimits limits;
  limits.seconds_behind = seconds_behind_contact(device.notes(), now);
  const bool is_dry = sheet.flag("dry") || asked.must_be_answered;
  Workspace& workspace = device.workspace();
  const auto* const attached =
      std::get_if<events::EvidenceAttached>(&draft.requests().front().payload);
  // The photo lies in the same reply as the event that names it, and a refused one nowhere.
  const bool is_judged_first = is_dry || attached != nullptr;
  Result<RecordedTogether> done = is_judged_first
                                      ? acts::judge(workspace, draft.requests(), limits, now)
                                      : acts::record(workspace, draft.requests(), limits, now);
  if (done && is_judged_first && !is_dry && !done->refused) {
    if (Result<void> kept = keep_photo(device, sheet, *attached); !kept) {
      return reply_with_error(kept.error());
    }
    done = acts::record(workspace, draft.requests(), limits, now);
  }
  if (!done) return reply_with_error(done.error());
  outcome.stored = !is_dry && !done->refused;
  outcome.done = &*done;
  if (outcome.stored) device.forget_views();
  return outcome_reply(device, outcome);
}

}  // namespace

Reply perform_act(PageDevice& device, const Fields& fields, events::Timestamp now) {
  if (device.is_locked() || device.replica().hides_privates()) {
    return reply_with_error({ErrorCode::locked, "the device is locked, or its lease is over"});
  }
  ActSheet sheet(fields);
  const Result<acts::Occasion> occasion = occasion_of(device, sheet, now);
  if (!occasion) return reply_with_error(occasion.error());
  acts::Draft draft(device.workspace());
  const std::string_view name = fields.text("act");
  Asked asked;
  if (name == "register") {
    const Result<void> added = add_registration(device, sheet, draft, *occasion, asked);
    if (!added) return reply_with_error(added.error());
    return judge_or_record(device, sheet, asked, draft, now);
  }
  for (const NamedAct& act : named_acts) {
    if (act.name != name) continue;
    const Result<void> added = act.add(device, sheet, draft, *occasion);
    if (!added) return reply_with_error(added.error());
    return judge_or_record(device, sheet, asked, draft, now);
  }
  return reply_with_error({ErrorCode::unsupported, "no such act: " + std::string(name)});
}

}  // namespace clients::web

#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "clients/cli/output/words.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

// Commands that make a document with a list, and the acts that follow from it: submit, appraise,
// decide, not-recognised.

namespace clients {

using events::DossierState;
using events::Result;

namespace {

const projections::State& state_of(Session& session) {
  return (*session.device())->workspace().pending();
}

/// Adds one event for each dossier, made by `make`.
template <class Make>
Result<void> add_each(Session& session, const std::vector<events::DossierId>& dossiers, Make make,
                      std::vector<RecordRequest>& requests) {
  for (const events::DossierId dossier : dossiers) {
    Result<RecordRequest> request = session.request(make(dossier), stream_of(dossier));
    if (!request) return request.error();
    requests.push_back(std::move(*request));
  }
  return {};
}

// ---- submit ----

struct SubmitOptions {
  DossierChoice choice;
  std::string issuer, number;
};

Result<int> run_submit(Session& session, const SubmitOptions& options) {
  const auto is_reviewed = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::reviewed;
  };
  const auto is_proposed = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::reviewed &&
           dossier.conclusion == events::ReviewConclusion::proposed;
  };
  const auto chosen = choose_dossiers(session, options.choice, {is_proposed, is_reviewed});
  if (!chosen) return chosen.error();
  const Result<events::OrganisationId> issuer = session.organisation(options.issuer);
  if (!issuer) return issuer.error();
  const Result<std::string> number = typed_text(options.number);
  if (!number) return number.error();
  const Result<Decision> decision = look_at_choice(session, options.choice, *chosen);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.choice.look);

  const events::ListId list{(*session.device())->workspace().next_id()};
  std::vector<RecordRequest> requests;
  const auto total = static_cast<std::uint16_t>(chosen->ids.size());
  Result<RecordRequest> request =
      session.request(events::ListSubmitted{*issuer, *number, total, chosen->ids});
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  const auto make = [&](events::DossierId) { return events::DossierSubmitted{list}; };
  if (Result<void> added = add_each(session, chosen->ids, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- appraise ----

/// "11 hồ sơ: 9 đủ, 2 không đủ": what the sheets of the chosen come to.
void print_outcomes(Session& session, const ChosenDossiers& chosen) {
  if (session.options().json) return;
  const auto passing = std::ranges::count_if(chosen.ids, [&](events::DossierId id) {
    return state_of(session).dossiers().find(id)->sheet_passes;
  });
  print(session.out(), "{} hồ sơ: {} đủ, {} không đủ.\n", chosen.ids.size(), passing,
        static_cast<std::ptrdiff_t>(chosen.ids.size()) - passing);
}

Result<int> run_appraise(Session& session, const DossierChoice& choice) {
  const auto is_submitted = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::submitted;
  };
  const auto chosen = choose_dossiers(session, choice, {is_submitted, is_submitted});
  if (!chosen) return chosen.error();
  print_outcomes(session, *chosen);
  const auto said = [&](const projections::Dossier& dossier) {
    return projections::sheet_result_vi(dossier, state_of(session).rulebook());
  };
  if (!chosen->is_bulk && !session.options().json) {
    print(session.out(), "{}: {}.\n", to_string(chosen->ids.front()),
          said(*state_of(session).dossiers().find(chosen->ids.front())));
  }
  const Result<Decision> decision = look_at_choice(session, choice, *chosen);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(choice.look);
  // The outcome follows from the sheet and the criteria; nobody types it.
  const auto make = [&](events::DossierId id) {
    const projections::Dossier* const dossier = state_of(session).dossiers().find(id);
    const auto outcome = dossier->sheet_passes ? events::AppraisalOutcome::qualified
                                               : events::AppraisalOutcome::not_qualified;
    return events::DossierAppraised{outcome, dossier->total_tenths};
  };
  std::vector<RecordRequest> requests;
  if (Result<void> added = add_each(session, chosen->ids, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- decide ----

bool is_appraised(const projections::Dossier& dossier) {
  return dossier.state == DossierState::appraised;
}

struct DecideOptions {
  DossierChoice choice;
  std::string issuer, symbol, capacity;
  std::uint32_t number = 0;
};

Result<int> run_decide(Session& session, const DecideOptions& options) {
  const auto is_qualified = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::appraised &&
           dossier.outcome == events::AppraisalOutcome::qualified;
  };
  const auto chosen = choose_dossiers(session, options.choice, {is_qualified, is_appraised});
  if (!chosen) return chosen.error();
  const Result<events::OrganisationId> issuer = session.organisation(options.issuer);
  if (!issuer) return issuer.error();
  const Result<std::string> symbol = typed_text(options.symbol);
  if (!symbol) return symbol.error();
  const auto capacity = parse_word<events::SigningCapacity>(options.capacity);
  if (!capacity) return capacity.error();
  const Result<events::Day> day = session.business_day();
  if (!day) return day.error();

  events::DecisionIssued issued;
  issued.issuer = *issuer;
  issued.number = options.number;
  issued.year = static_cast<std::uint16_t>(events::calendar_date(*day).year);
  issued.symbol = *symbol;
  issued.capacity = *capacity;
  issued.dossiers = chosen->ids;
  const Result<Decision> looked = look_at_choice(session, options.choice, *chosen);
  if (!looked) return looked.error();
  if (*looked == Decision::stop) return exit_of_stop(options.choice.look);
  const events::DecisionId decision{(*session.device())->workspace().next_id()};
  std::vector<RecordRequest> requests;
  Result<RecordRequest> request = session.request(std::move(issued));
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  const auto make = [&](events::DossierId) { return events::TitleGranted{decision}; };
  if (Result<void> added = add_each(session, chosen->ids, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- not-recognised ----

struct NotRecognisedOptions {
  DossierChoice choice;
  std::vector<std::string> reasons;
};

/// The reasons that are typed, and true of each dossier as far as its sheet can tell.
Result<std::vector<events::NotRecognizedReason>> typed_reasons(
    const std::vector<std::string>& words) {
  std::vector<events::NotRecognizedReason> reasons;
  for (const std::string& word : words) {
    const auto reason = parse_word<events::NotRecognizedReason>(word);
    if (!reason) return reason.error();
    reasons.push_back(*reason);
  }
  return reasons;
}

/// Whether it can be refused, and for these reasons.
bool is_refusable(const projections::Dossier& dossier,
                  const std::vector<events::NotRecognizedReason>& reasons) {
  const bool not_proposed = dossier.state == DossierState::reviewed &&
                            dossier.conclusion == events::ReviewConclusion::not_proposed;
  const bool not_qualified =
      is_appraised(dossier) && dossier.outcome == events::AppraisalOutcome::not_qualified;
  return (not_proposed || not_qualified) &&
         std::ranges::none_of(reasons, [&](events::NotRecognizedReason reason) {
           return projections::contradicts(dossier, reason);
         });
}

Result<int> run_not_recognised(Session& session, const NotRecognisedOptions& options) {
  const auto reasons = typed_reasons(options.reasons);
  if (!reasons) return reasons.error();
  const auto is_ready = [&](const projections::Dossier& dossier) {
    return is_refusable(dossier, *reasons);
  };
  const auto is_there = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::reviewed || is_appraised(dossier);
  };
  const auto chosen = choose_dossiers(session, options.choice, {is_ready, is_there});
  if (!chosen) return chosen.error();
  const auto said = [&](const projections::Dossier&) {
    std::string names;
    for (const events::NotRecognizedReason reason : *reasons) {
      names += (names.empty() ? "" : ", ") + std::string(projections::name_vi(reason));
    }
    return names;
  };
  const Result<Decision> decision = look_at_choice(session, options.choice, *chosen, said);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.choice.look);
  const events::DossierNotRecognized content{*reasons};
  std::vector<RecordRequest> requests;
  const auto make = [&](events::DossierId) { return content; };
  if (Result<void> added = add_each(session, chosen->ids, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

}  // namespace

void add_document_commands(CommandLine& line) {
  add_command<SubmitOptions>(
      line, "submit", "Lập tờ trình kèm danh sách đề nghị",
      "  khuyenhoc --home H submit --all --issuer \"Hội Khuyến học xã Nà Tấu\" \\\n"
      "    --number \"05/TTr-HKH\" --yes",
      [](CommandOptions& command, SubmitOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--issuer", options.issuer, "Tổ chức trình: mã hoặc tên").required();
        command.add_option("--number", options.number, "Số tờ trình, để trống khi chưa có");
      },
      run_submit);
  add_command<DossierChoice>(line, "appraise", "Thẩm định: kết quả tính từ phiếu và bộ tiêu chí",
                             "  khuyenhoc --home H appraise --all --cycle 2025 --yes",
                             declare_choice, run_appraise);
  add_command<DecideOptions>(
      line, "decide", "Ghi quyết định công nhận và danh hiệu từng người",
      "  khuyenhoc --home H decide --all --issuer \"UBND xã Nà Tấu\" --number 12 \\\n"
      "    --symbol QĐ-UBND --capacity \"thay mặt\" --yes",
      [](CommandOptions& command, DecideOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--issuer", options.issuer, "Cơ quan ban hành").required();
        command.add_option("--number", options.number, "Số trong sổ của cơ quan").required();
        command.add_option("--symbol", options.symbol, "Ký hiệu, ví dụ QĐ-UBND").required();
        command
            .add_option("--capacity", options.capacity,
                        "Thể thức ký: " + words_of<events::SigningCapacity>())
            .required();
      },
      run_decide);
  add_command<NotRecognisedOptions>(
      line, "not-recognised", "Ghi không công nhận, có lý do",
      "  khuyenhoc --home H not-recognised 7.20 \\\n"
      "    --reason \"tổng điểm chưa đạt mức quy định\"",
      [](CommandOptions& command, NotRecognisedOptions& options) {
        declare_choice(command, options.choice);
        command
            .add_option("--reason", options.reasons,
                        "Lý do: " + words_of<events::NotRecognizedReason>())
            .delimiter(',')
            .required();
      },
      run_not_recognised);
}

}  // namespace clients

#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "clients/cli/output/words.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/submit.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <algorithm>
#include <utility>

// Commands that make a document with a list, and the acts that follow from it: submit, appraise,
// decide, not-recognised.

namespace clients {

using events::Result;

namespace {

const projections::State& state_of(Session& session) {
  return (*session.device())->workspace().pending();
}

// ---- submit ----

struct SubmitOptions {
  DossierChoice choice;
  std::string issuer, number;
};

Result<int> run_submit(Session& session, const SubmitOptions& options) {
  const auto chosen = choose_dossiers(session, options.choice, acts::submit_step());
  if (!chosen) return chosen.error();
  const Result<events::OrganisationId> issuer = session.organisation(options.issuer);
  if (!issuer) return issuer.error();
  const Result<Decision> decision = look_at_choice(session, options.choice, *chosen);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.choice.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::submit(draft, occasion, {*issuer, options.number, chosen->ids});
  });
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
  const auto chosen = choose_dossiers(session, choice, acts::appraise_step());
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
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::appraise(draft, occasion, chosen->ids);
  });
}

// ---- decide ----

struct DecideOptions {
  DossierChoice choice;
  std::string issuer, symbol, capacity;
  std::uint32_t number = 0;
};

Result<int> run_decide(Session& session, const DecideOptions& options) {
  const auto chosen = choose_dossiers(session, options.choice, acts::decide_step());
  if (!chosen) return chosen.error();
  const Result<events::OrganisationId> issuer = session.organisation(options.issuer);
  if (!issuer) return issuer.error();
  const auto capacity = parse_word<events::SigningCapacity>(options.capacity);
  if (!capacity) return capacity.error();
  const Result<events::Day> day = session.business_day();
  if (!day) return day.error();
  const Result<Decision> looked = look_at_choice(session, options.choice, *chosen);
  if (!looked) return looked.error();
  if (*looked == Decision::stop) return exit_of_stop(options.choice.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::recognise(draft, occasion,
                           {*issuer, options.number, options.symbol, *capacity, chosen->ids});
  });
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

Result<int> run_not_recognised(Session& session, const NotRecognisedOptions& options) {
  const auto reasons = typed_reasons(options.reasons);
  if (!reasons) return reasons.error();
  const auto chosen = choose_dossiers(session, options.choice, acts::refuse_step(*reasons));
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
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    acts::refuse_title(draft, occasion, chosen->ids, *reasons);
  });
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

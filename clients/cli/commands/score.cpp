#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "clients/cli/score_sheet.h"
#include "clients/core/acts/score_input.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <numeric>
#include <utility>

// The command for score sheets: score.

namespace clients {

using events::Result;

Result<BoundSheet> sheet_of(Session& session, events::DossierId id) {
  const projections::State& state = (*session.device())->workspace().pending();
  const auto [criteria, variant] =
      projections::criteria_of(*state.dossiers().find(id), state.rulebook());
  if (criteria == nullptr || variant == nullptr) {
    return usage_error("Thiết bị chưa có bộ tiêu chí của hồ sơ này; hãy đồng bộ.");
  }
  return BoundSheet{criteria->id, &criteria->content, variant};
}

namespace {

struct ScoreOptions {
  std::string dossier;
  std::vector<std::string> scores;
  LookFirst look;
};

std::vector<SheetColumn> columns_of(const BoundSheet& sheet) {
  std::vector<SheetColumn> columns;
  for (const std::uint8_t index : sheet.variant->indicators) {
    const events::Indicator& indicator = sheet.content->indicators[index];
    columns.push_back({indicator.code, indicator.step_tenths});
  }
  return columns;
}

Result<int> run_score(Session& session, const ScoreOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  const Result<BoundSheet> sheet = sheet_of(session, *dossier);
  if (!sheet) return sheet.error();
  if (sheet->variant->indicators.empty()) {
    return usage_error(fmt::format("Bộ tiêu chí {} chưa có chỉ số nào nên chưa chấm điểm được.",
                                   sheet->content->code));
  }
  Result<std::vector<std::uint16_t>> scores = read_scores(options.scores, columns_of(*sheet));
  if (!scores) return scores.error();

  events::SelfAssessmentRecorded assessment;
  assessment.criteria = sheet->criteria;
  assessment.scores_tenths = std::move(*scores);
  const auto add = [](std::uint16_t sum, std::uint16_t score) {
    return static_cast<std::uint16_t>(sum + score);
  };
  assessment.total_tenths = std::accumulate(assessment.scores_tenths.begin(),
                                            assessment.scores_tenths.end(), std::uint16_t{0}, add);
  if (!session.options().json) {
    const Workspace& workspace = (*session.device())->workspace();
    const projections::Dossier& row = *workspace.pending().dossiers().find(*dossier);
    print(session.out(), "Phiếu của {}: {}.\n", workspace.name_of(row.subject.id),
          projections::sheet_vi(*sheet->content, *sheet->variant, assessment.scores_tenths));
    if (row.state == events::DossierState::self_assessed) {
      print(session.out(), "Thay cho phiếu trước: tổng {}.\n",
            projections::points_vi(row.total_tenths));
    }
  }
  const Result<Decision> decision = decide(session, options.look, "Ghi phiếu này?", false);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  Result<RecordRequest> request = session.request(assessment, stream_of(*dossier));
  if (!request) return request.error();
  return session.record({&*request, 1});
}

}  // namespace

void add_score_command(CommandLine& line) {
  add_command<ScoreOptions>(
      line, "score",
      "Ghi phiếu tự đánh giá; ghi lại trước khi bình xét thì phiếu sau thay phiếu trước",
      "  khuyenhoc --home H score 7.12 --scores 8 8 7,5 8 9 8 8 8 7 8\n"
      "  khuyenhoc --home H score 7.12 --scores \"8; 8; 7,5; 8; 9; 8; 8; 8; 7; 8\"\n"
      "  khuyenhoc --home H score 7.12 --scores A1=8 A2=7,5 rest=0     (còn lại=0)",
      [](CommandOptions& command, ScoreOptions& options) {
        command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
        command
            .add_option("--scores", options.scores,
                        "Điểm theo thứ tự chỉ số, cách nhau bằng dấu cách hoặc “;”; hoặc A1=8")
            .required();
        declare_look(command, options.look);
      },
      run_score);
}

}  // namespace clients

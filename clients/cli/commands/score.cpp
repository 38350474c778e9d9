#include "clients/core/acts/score.h"

#include "clients/cli/commands.h"
#include "clients/cli/look_first.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <string>
#include <vector>

// The command for score sheets: score.

namespace clients {

using events::Result;

namespace {

struct ScoreOptions {
  std::string dossier;
  std::vector<std::string> scores;
  LookFirst look;
};

Result<int> run_score(Session& session, const ScoreOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  const Workspace& workspace = (*session.device())->workspace();
  const Result<acts::BoundSheet> sheet = acts::sheet_of(workspace.pending(), *dossier);
  if (!sheet) return sheet.error();
  const Result<acts::Scores> scores = acts::read_sheet(*sheet, options.scores);
  if (!scores) return scores.error();
  if (!session.options().json) {
    const projections::Dossier& row = *workspace.pending().dossiers().find(*dossier);
    print(session.out(), "Phiếu của {}: {}.\n", workspace.name_of(row.subject.id),
          projections::sheet_vi(*sheet->content, *sheet->variant, scores->scores_tenths));
    if (row.state == events::DossierState::self_assessed) {
      print(session.out(), "Thay cho phiếu trước: tổng {}.\n",
            projections::points_vi(row.total_tenths));
    }
  }
  const Result<Decision> decision = decide(session, options.look, "Ghi phiếu này?", false);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    acts::record_scores(draft, occasion, *dossier, *scores);
  });
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

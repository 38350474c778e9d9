#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "clients/cli/evidence_file.h"
#include "clients/cli/output/words.h"
#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/evidence.h"

#include <string_view>

// Commands about one dossier, or the same act on some: accept, evidence, return, resubmit,
// withdraw.

namespace clients {

using events::Result;

namespace {

Result<int> run_accept(Session& session, const DossierChoice& options) {
  const auto chosen = choose_dossiers(session, options, acts::accept_step());
  if (!chosen) return chosen.error();
  const Result<Decision> decision = look_at_choice(session, options, *chosen);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    acts::accept(draft, occasion, chosen->ids);
  });
}

// ---- evidence ----

struct EvidenceOptions {
  std::string dossier, kind, document_date, what, issuer, where_kept, file;
  std::vector<std::string> indicators;
};

Result<int> run_evidence(Session& session, const EvidenceOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  const auto kind = parse_word<events::EvidenceKind>(options.kind);
  if (!kind) return kind.error();
  const Result<events::Day> day = acts::read_document_day(options.document_date);
  if (!day) return day.error();
  const projections::State& state = (*session.device())->workspace().pending();
  const auto indicators = acts::indicators_named(state, *dossier, options.indicators);
  if (!indicators) return indicators.error();
  const acts::Evidence evidence{
      *dossier, *kind, *indicators, *day, {options.what, options.issuer, options.where_kept}};
  if (!options.file.empty()) return attach_evidence(session, evidence, options.file);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::sight_evidence(draft, occasion, evidence);
  });
}

// ---- return, resubmit, withdraw ----

struct ReturnOptions {
  std::string dossier, reason, to, note;
};

Result<int> run_return(Session& session, const ReturnOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  const auto reason = parse_word<events::ReturnReason>(options.reason);
  if (!reason) return reason.error();
  const auto to = parse_word<events::DossierState>(options.to);
  if (!to) return to.error();
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::return_dossier(draft, occasion, {*dossier, *reason, *to, options.note});
  });
}

struct NoteOptions {
  std::string dossier, note;
};

using ActWithNote = Result<void> (*)(acts::Draft&, const acts::Occasion&, events::DossierId,
                                     std::string_view);

template <ActWithNote act>
Result<int> run_with_note(Session& session, const NoteOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return act(draft, occasion, *dossier, options.note);
  });
}

void declare_note(CommandOptions& command, NoteOptions& options) {
  command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
  command.add_option("--note", options.note, "Ghi chú");
}

}  // namespace

void add_dossier_commands(CommandLine& line) {
  add_command<DossierChoice>(line, "accept", "Tiếp nhận đăng ký",
                             "  khuyenhoc --home H accept 7.12 7.15\n"
                             "  khuyenhoc --home H accept --all --cycle 2025 --dry-run\n"
                             "  khuyenhoc --home H accept --all --cycle 2025 --yes",
                             declare_choice, run_accept);
  add_command<EvidenceOptions>(
      line, "evidence", "Ghi một minh chứng đã đối chiếu bản giấy, hoặc kèm ảnh hay tệp PDF",
      "  khuyenhoc --home H evidence 7.12 --kind \"văn bằng\" --indicators A1,B2 \\\n"
      "    --document-date 01/06/2025 --what \"Chứng chỉ tin học\" --issuer \"TTHTCĐ xã\" \\\n"
      "    --kept \"tại nhà\"\n"
      "  khuyenhoc --home H evidence 7.12 --kind \"ảnh chụp\" --what \"Giấy khen\" \\\n"
      "    --file giay-khen.jpg",
      [](CommandOptions& command, EvidenceOptions& options) {
        command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
        command.add_option("--kind", options.kind, "Loại: " + words_of<events::EvidenceKind>())
            .required();
        command.add_option("--indicators", options.indicators, "Cho các chỉ số nào").delimiter(',');
        command.add_option("--document-date", options.document_date, "Ngày trên giấy");
        command.add_option("--what", options.what, "Là giấy gì").required();
        command.add_option("--issuer", options.issuer, "Nơi cấp");
        command.add_option("--kept", options.where_kept, "Giữ ở đâu");
        command.add_option("--file", options.file, "Ảnh JPEG, PNG hoặc tệp PDF của giấy đó");
      },
      run_evidence);
  add_command<ReturnOptions>(
      line, "return", "Trả lại hồ sơ để bổ sung",
      "  khuyenhoc --home H return 7.12 --reason \"thiếu minh chứng\" \\\n"
      "    --to \"đã tự đánh giá\" --note \"thiếu chứng chỉ\"",
      [](CommandOptions& command, ReturnOptions& options) {
        command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
        command.add_option("--reason", options.reason, "Lý do: " + words_of<events::ReturnReason>())
            .required();
        command
            .add_option("--to", options.to,
                        "Bước sẽ quay lại: nháp; đã đăng ký; đã tiếp nhận đăng ký; "
                        "đã tự đánh giá; đã bình xét")
            .required();
        command.add_option("--note", options.note, "Nói rõ thiếu gì");
      },
      run_return);
  add_command<NoteOptions>(line, "resubmit", "Nộp lại hồ sơ đã bổ sung",
                           "  khuyenhoc --home H resubmit 7.12 --note \"đã bổ sung\"", declare_note,
                           run_with_note<acts::resubmit>);
  add_command<NoteOptions>(line, "withdraw", "Rút hồ sơ theo ý người đăng ký",
                           "  khuyenhoc --home H withdraw 7.12 --note \"chuyển nơi ở\"",
                           declare_note, run_with_note<acts::withdraw>);
}

}  // namespace clients

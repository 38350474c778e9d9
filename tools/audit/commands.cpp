#include "tools/audit/commands.h"

#include "events/text/text_check.h"
#include "tools/audit/audited_data.h"
#include "tools/audit/export.h"
#include "tools/audit/file_stream.h"
#include "tools/audit/history_output.h"
#include "tools/audit/report_output.h"
#include "tools/audit/stored_records.h"
#include "tools/audit/verify.h"

#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace audit {
namespace {

using events::ErrorCode;
using events::Result;

/// Everything the command line may say.
struct Options {
  std::filesystem::path file;
  std::filesystem::path data;
  std::filesystem::path out;
  std::uint64_t to_position = 0;
  std::string dossier;
  std::vector<std::filesystem::path> private_files;
  bool records = false;
  bool json = false;
};

constexpr const char* main_examples = R"(Examples:
  khuyenhoc-audit export --data /var/lib/khuyenhoc --out 2026-11.export
  khuyenhoc-audit verify 2026-11.export
  khuyenhoc-audit dossiers 2026-11.export
  khuyenhoc-audit history 2026-11.export 7.2

Answers 0: verified, 1: problems found, 2: wrong usage, 3: cannot read.)";

constexpr const char* export_examples = R"(Examples:
  khuyenhoc-audit export --data /var/lib/khuyenhoc --out all.export
  khuyenhoc-audit export --data backup/2026-11-20 --out half.export --to-position 120000

The server must be stopped, or DIR be a backup.  Nothing in DIR is changed.  A log export ends at
position N or at the last event that was received together with it.)";

constexpr const char* verify_examples = R"(Examples:
  khuyenhoc-audit verify all.export
  khuyenhoc-audit verify all.export --json
  khuyenhoc-audit verify --data /var/lib/khuyenhoc
  khuyenhoc-audit verify --data /var/lib/khuyenhoc --records

Compare position, root and server key with those you have from elsewhere: a checkpoint that was
published, a certificate, an earlier log export.)";

constexpr const char* history_examples = R"(Examples:
  khuyenhoc-audit history all.export 7.2
  khuyenhoc-audit history --data /var/lib/khuyenhoc 7.2 --json
  khuyenhoc-audit history all.export 7.2 --private names.records

Dossiers (hồ sơ) are named chain.seq, as `khuyenhoc-audit dossiers` lists them.)";

constexpr const char* dossiers_examples = R"(Examples:
  khuyenhoc-audit dossiers all.export
  khuyenhoc-audit dossiers --data /var/lib/khuyenhoc --json)";

int complain(std::ostream& log, const events::Error& error) {
  log << "khuyenhoc-audit: " << error.message << " (" << events::name_of(error.code) << ")\n";
  return error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found
             ? exit_usage
             : exit_unreadable;
}

/// A line now and then, so that nobody thinks it has stopped.
Progress progress_on(std::ostream& log, const char* what, std::uint64_t total) {
  return [&log, what, total, told = std::uint64_t{0}](events::Position position) mutable {
    constexpr std::uint64_t step = 100'000;
    if (position.value < told + step) return;
    told = position.value - position.value % step;
    log << what << " " << position.value;
    if (total > 0) log << " of " << total << " events (" << position.value * 100 / total << " %)";
    log << "\n" << std::flush;
  };
}

int export_command(const Options& options, std::ostream& out, std::ostream& log) {
  const Result<AuditedData> data = open_data_directory(options.data);
  if (!data) {
    complain(log, data.error());
    return exit_unreadable;
  }
  Result<FileSink> sink = FileSink::create(options.out);
  if (!sink) return complain(log, sink.error());
  std::optional<events::Position> to_position;
  if (options.to_position > 0) to_position = events::Position{options.to_position};
  const Result<Exported> exported = export_log(
      *data->log, [&](events::Position position) { return checkpoints_of(*data, position); },
      to_position, *sink, progress_on(log, "exported", data->log->head().position.value));
  if (!exported) {
    complain(log, exported.error());
    return exit_unreadable;
  }
  if (auto finished = sink->finish(); !finished) return complain(log, finished.error());
  out << options.out.string() << ": " << exported->events << " events in " << exported->blocks
      << " blocks, " << exported->bytes << " bytes\n"
      << "  log " << exported->header.log.value << " epoch " << exported->header.epoch.value
      << " origin " << events::escape_text(exported->header.origin, false) << "\n"
      << "  position " << exported->header.position.value << " root "
      << events::to_hex(exported->header.root.bytes) << "\n"
      << "  server key " << events::to_hex(exported->header.server_key.bytes) << "\n";
  return exit_verified;
}

Result<Report> verify_file(const std::filesystem::path& path, std::ostream& log) {
  Result<FileSource> source = FileSource::open(path);
  if (!source) return source.error();
  return verify_export(*source, progress_on(log, "verified", 0));
}

Result<Report> verify_data(const AuditedData& data, std::ostream& log) {
  Report report;
  const events::Position position = data.log->head().position;
  verify_files(data, report);
  const Result<std::vector<LogExportCheckpoint>> checkpoints = checkpoints_of(data, position);
  if (!checkpoints) return checkpoints.error();
  verify_log(*data.log, *checkpoints, report, progress_on(log, "verified", position.value));
  return report;
}

/// A source that was opened: a log export, or a data directory.
struct Source {
  std::string name;
  std::filesystem::path file;  ///< Empty for a data directory.
  std::optional<AuditedData> data;

  Result<Report> verify(std::ostream& log) const {
    return data ? verify_data(*data, log) : verify_file(file, log);
  }
  Result<void> read(const BlockVisitor& visit) const {
    if (data) return read_blocks(*data->log, visit);
    Result<FileSource> source = FileSource::open(file);
    if (!source) return source.error();
    return read_blocks(*source, visit);
  }
};

Result<Source> open_source(const Options& options) {
  if (options.data.empty()) return Source{options.file.string(), options.file, std::nullopt};
  Result<AuditedData> data = open_data_directory(options.data);
  if (!data) return events::Error{ErrorCode::storage_failed, data.error().message};
  return Source{data->log_path.string(), {}, std::move(*data)};
}

/// What was found, in the form that was asked for.  What people entered reaches no terminal as it
/// is: control characters and those that turn lines around are escaped.
template <class Json, class Text, class... Found>
void print(std::ostream& out, const Options& options, Json json, Text text, const Found&... found) {
  out << (options.json ? events::escape_json(json(found...))
                       : events::escape_text(text(found...), true));
}

int verify_command(const Options& options, std::ostream& out, std::ostream& log) {
  const Result<Source> source = open_source(options);
  if (!source) return complain(log, source.error());
  Result<Report> report = source->verify(log);
  if (!report) return complain(log, report.error());
  if (options.records) {
    verify_records(*source->data->log, source->data->root(), *report);
  }
  print(out, options, report_json, report_text, *report, source->name);
  return report->verified() ? exit_verified : exit_problems;
}

int history_command(const Options& options, std::ostream& out, std::ostream& log) {
  events::DossierId dossier;
  try {
    dossier = events::DossierId{events::EventId::parse_or_throw(options.dossier)};
  } catch (const std::exception&) {
    return complain(log, {ErrorCode::invalid_argument,
                          "\"" + options.dossier + "\" is no dossier id; one looks like 7.2"});
  }
  const Result<PrivateTexts> private_texts = read_private_files(options.private_files);
  if (!private_texts) return complain(log, private_texts.error());
  const Result<Source> source = open_source(options);
  if (!source) return complain(log, source.error());
  const Result<Report> report = source->verify(log);
  if (!report) return complain(log, report.error());
  const Result<DossierHistory> history =
      history_of(dossier, [&](const BlockVisitor& visit) { return source->read(visit); });
  if (!history) return complain(log, history.error());

  print(out, options, history_json, history_text, *history, *private_texts);
  if (!options.json && report->verified()) {
    out << "\n✓ verified from the founding to position " << report->position.value << ", root "
        << report->root << "\n";
  }
  if (report->verified()) return exit_verified;
  log << "khuyenhoc-audit: ✗ " << source->name << " does not verify: " << report->problem_count()
      << " problems.  Run khuyenhoc-audit verify to see them\n";
  return exit_problems;
}

int dossiers_command(const Options& options, std::ostream& out, std::ostream& log) {
  const Result<Source> source = open_source(options);
  if (!source) return complain(log, source.error());
  const Result<std::vector<DossierLine>> dossiers =
      list_dossiers([&](const BlockVisitor& visit) { return source->read(visit); });
  if (!dossiers) return complain(log, dossiers.error());
  print(out, options, dossiers_json, dossiers_text, *dossiers);
  return exit_verified;
}

/// FILE and --data, of which a command wants one.
void add_source(CLI::App& command, Options& options) {
  auto* const file = command.add_option("file", options.file, "A log export")->option_text("FILE");
  auto* const data =
      command.add_option("--data", options.data, "Data directory of a stopped server, or a backup")
          ->option_text("DIR");
  data->excludes(file);
  command.add_flag("--json", options.json, "Answer in JSON, on one line");
}

}  // namespace

int run(int argument_count, const char* const* arguments, std::ostream& out, std::ostream& log) {
  Options options;
  CLI::App app(
      "Verifies a khuyenhoc log with nothing but its bytes, and tells what happened in it.",
      "khuyenhoc-audit");
  app.require_subcommand(1);
  app.footer(main_examples);

  CLI::App& export_app = *app.add_subcommand("export", "Write a log into one file, a log export");
  export_app.footer(export_examples);
  export_app.add_option("--data", options.data, "Data directory of a stopped server, or a backup")
      ->option_text("DIR")
      ->required();
  export_app.add_option("--out", options.out, "The new file")->option_text("FILE")->required();
  export_app.add_option("--to-position", options.to_position, "Stop after this event")
      ->option_text("N");

  CLI::App& verify_app = *app.add_subcommand("verify", "Check every byte, signature and verdict");
  verify_app.footer(verify_examples);
  add_source(verify_app, options);
  verify_app.add_flag("--records", options.records,
                      "With --data: compare private records and files with their digests, too");

  CLI::App& history_app = *app.add_subcommand("history", "Tell all that happened to a dossier");
  history_app.footer(history_examples);
  std::vector<std::string> words;
  history_app
      .add_option("words", words, "The log export, unless --data is given; then the dossier")
      ->option_text("[FILE] ID")
      ->expected(1, 2)
      ->required();
  history_app.add_option("--data", options.data, "Data directory of a stopped server, or a backup")
      ->option_text("DIR");
  history_app
      .add_option("--private", options.private_files, "Private records, to show names and notes")
      ->option_text("FILE…");
  history_app.add_flag("--json", options.json, "Answer in JSON, on one line");

  CLI::App& dossiers_app = *app.add_subcommand("dossiers", "List all dossiers");
  dossiers_app.footer(dossiers_examples);
  add_source(dossiers_app, options);

  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, log) == 0 ? exit_verified : exit_usage;
  }
  if (export_app) return export_command(options, out, log);
  if (history_app) {
    options.dossier = words.back();
    if (words.size() == 2) options.file = words.front();
  }
  if (options.file.empty() == options.data.empty()) {
    log << "khuyenhoc-audit: name a log export or --data DIR, one of them\n";
    return exit_usage;
  }
  if (options.records && options.data.empty()) {
    log << "khuyenhoc-audit: --records goes with --data DIR; a log export holds no records\n";
    return exit_usage;
  }
  if (verify_app) return verify_command(options, out, log);
  if (history_app) return history_command(options, out, log);
  return dossiers_command(options, out, log);
}

}  // namespace audit

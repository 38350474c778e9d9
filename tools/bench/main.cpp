#include "platform/new_file.h"
#include "tools/bench/measure.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A scratch directory that goes with the run.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& parent) {
    std::string pattern = (parent / "khuyenhoc-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw CLI::ValidationError("--scratch", "cannot be written: " + parent.string());
    }
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The whole table of the sync benchmark: on the line, by whole devices, under cuts.
std::vector<bench::Figure> measure_protocol(const bench::Effort& effort) {
  std::vector<bench::Figure> figures = bench::measure_sync(effort);
  for (const auto measure : {bench::measure_field, bench::measure_cuts}) {
    for (bench::Figure& figure : measure(effort)) figures.push_back(std::move(figure));
  }
  return figures;
}

using Measure = std::vector<bench::Figure> (*)(const bench::Effort&);
const std::vector<std::pair<std::string, Measure>> measurements = {
    {"append", bench::measure_append},   {"push", bench::measure_push},
    {"rebuild", bench::measure_rebuild}, {"memory", bench::measure_memory},
    {"wire", bench::measure_wire},       {"sync", measure_protocol},
    {"idle", bench::measure_idle},       {"size", bench::measure_size},
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Measures khuyenhoc against baselines of the same run.\n\nExamples:\n"
      "  khuyenhoc-bench --json bench.json\n"
      "  khuyenhoc-bench append push\n"
      "  khuyenhoc-bench sync --json sync.json     over an emulated line of 64 kbit/s, 600 ms\n"
      "  khuyenhoc-bench --quick            a tenth of the work, for a first look"};
  std::string json;
  std::string scratch = std::filesystem::temp_directory_path().string();
  std::vector<std::string> only;
  bool quick = false;
  app.add_option("--json", json, "Write the figures to this file");
  app.add_option("--scratch", scratch, "Directory on the disk to be measured")
      ->check(CLI::ExistingDirectory);
  app.add_option("--only,what", only, "Only this measurement (may be repeated)")
      ->check(
          CLI::IsMember({"append", "push", "rebuild", "memory", "wire", "sync", "idle", "size"}));
  bench::Effort effort;
  app.add_option("--dossiers", effort.size_dossiers, "Of the measurement `size`")
      ->check(CLI::Range(2'000, 20'000'000));
  app.add_option("--served", effort.served_dossiers,
                 "Of the measurement `size`: a whole log of so many dossiers, for example 9590000, "
                 "five years of a province")
      ->check(CLI::Range(2'000, 20'000'000));
  app.add_flag("--quick", quick, "A tenth of the work");
  CLI11_PARSE(app, argc, argv);

  const Scratch directory(scratch);
  effort.directory = directory.path();
  if (quick) {
    effort.append_pushes /= 10;
    effort.rebuild_events /= 10;
    effort.memory_dossiers /= 10;
    effort.size_dossiers /= 10;
    effort.push_blocks /= 10;
    effort.latency_pushes /= 10;
    effort.idle_connections /= 10;
    effort.cut_rounds /= 10;
  }
  std::vector<bench::Figure> figures;
  for (const auto& [name, measure] : measurements) {
    if (!only.empty() && std::ranges::find(only, name) == only.end()) continue;
    fmt::print(stderr, "measuring {} …\n", name);
    for (bench::Figure& figure : measure(effort)) figures.push_back(std::move(figure));
  }
  fmt::print("{}", bench::to_table(figures));
  if (!json.empty()) {
    const std::string text = bench::to_json(figures);
    const platform::NewFileOptions replacing{.replaces = true, .source = {}};
    const auto saved = platform::write_new_file(json, replacing, events::bytes_of(text));
    if (!saved) {
      fmt::print(stderr, "khuyenhoc-bench: {} [{}]\n", saved.error().message,
                 events::name_of(saved.error().code));
      return 1;
    }
    fmt::print("written to {}\n", json);
  }
  return 0;
}

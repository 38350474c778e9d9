#include "events/base/check.h"
#include "events/log/memory_event_log.h"
#include "projections/state/pieces.h"
#include "server/commit/recovery.h"
#include "server/feed/folded.h"
#include "server/feed/summaries.h"
#include "tools/bench/corpus.h"
#include "tools/bench/measure.h"

#include <malloc.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <utility>
#include <vector>

namespace bench {
namespace {

constexpr std::size_t events_a_push = 100;
constexpr std::uint64_t subscribers = 1'000;
/// A mean province has 1.37 million citizen dossiers a year, and their families'.
constexpr double province_dossiers_a_year = 1.37e6 * 1.4;

/// Bytes in use on the heap, in small and in mapped pieces.
double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

/// What a server keeps in memory of its log: the judging state on the log thread, a copy of it and
/// the views on the projection thread.  Events are applied as accepted: what they leave behind does
/// not depend on who judged them.
class Province {
 public:
  Province() {
    events::MemoryEventLog founding(events::LogId{1}, events::Epoch{1});
    server::Pipeline pipeline(founding, corpus_.private_store(), Corpus::server_key());
    CHECK(pipeline.recover(), "an empty log is recovered");
    corpus_.found(pipeline);
    CHECK(server::fold(founding, judging_, on_effect_), "a log in memory is read");
    scope_ = events::ScopeSet{judging_.units().all().begin()->id};
    settle();
  }

  void push(std::size_t events) {
    server::PushedRun run = corpus_.next_run(events);
    const events::RulesVersion rules{1};
    for (events::Event& event : run.events) {
      const events::StoredEvent stored{events::Position{judging_.applied().value + 1},
                                       corpus_.now(),
                                       {},
                                       std::move(event),
                                       {events::VerdictCode::accepted, 0, {}, {}, {}, rules}};
      judging_.apply(stored, scope_, on_effect_);
    }
    corpus_.private_store() = {};
    if (rests_) judging_.rest();
    settle();
  }
  void grow_to(std::uint64_t dossiers) {
    while (judging_.dossiers().all().size() < dossiers) push(events_a_push);
  }

  /// Lets everything that is not used from now on fall asleep, or not even that.
  void rest(bool rests) { rests_ = rests; }
  void rest_all() {
    folded_.state = {};
    const std::uint64_t steps = 2 * projections::rest_events / projections::rest_step_events + 2;
    for (std::uint64_t step = 0; step < steps; ++step) {
      projections::rest_parts(judging_.members());
      projections::rest_parts(folded_.views.members());
    }
    settle();
  }

  projections::State& judging() { return judging_; }
  const server::Folded& folded() const { return folded_; }

 private:
  void settle() { folded_.state = judging_; }

  Corpus corpus_;
  projections::State judging_;
  server::Folded folded_;
  projections::State::OnEffect on_effect_ = [this](const projections::EffectiveEvent& effective,
                                                   const projections::State& state) {
    folded_.views.apply(effective, state);
    folded_.recent.apply(effective);
  };
  events::ScopeSet scope_;
  bool rests_ = true;
};

/// Microseconds that `work` takes, the middle of `rounds`.
template <class Work>
double microseconds(std::size_t rounds, Work work) {
  std::vector<double> times;
  for (std::size_t round = 0; round < rounds; ++round) {
    const double start = wall_seconds();
    work();
    times.push_back((wall_seconds() - start) * 1e6);
  }
  return median(times);
}

/// What one change costs when so many subscribers to totals ask what there is: they ask for the
/// province, and the change is in it.
double live_totals(Province& province) {
  const server::Folded& folded = province.folded();
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  server::SummaryQuestion question{.mode = events::protocol::SummaryMode::totals,
                                   .scope = everything,
                                   .unit = {},
                                   .after = folded.state.applied()};
  province.push(1);
  return microseconds(5, [&] {
    for (std::uint64_t subscriber = 0; subscriber < subscribers; ++subscriber) {
      static_cast<void>(summarize(question, folded.state, folded.views.statistics, folded.recent));
    }
  });
}

/// The same as it was before figures were counted by change: a look at every dossier for each.
double scanned_totals(const Province& province) {
  std::uint64_t moved = 0;
  const double once = microseconds(3, [&] {
    for (const projections::Dossier& dossier : province.folded().state.dossiers().all()) {
      const events::Position changed = projections::last_change_of(dossier);
      if (changed >= province.folded().state.applied()) ++moved;
    }
  });
  CHECK(moved < ~std::uint64_t{0}, "nothing is left out by the compiler");
  return once * static_cast<double>(subscribers);
}

/// A look at one dossier of many that sleep.
double wake_one(const Province& province, std::size_t dossiers) {
  std::mt19937_64 random(3);
  const projections::State copy = province.folded().state;
  return microseconds(200, [&] {
    CHECK(copy.dossiers().all().row(random() % dossiers).state != events::DossierState{},
          "every dossier has a state");
  });
}

/// What so many dossiers take as a server lets them: rows that nobody uses sleep, and it starts
/// again from its checkpoint.
std::vector<Figure> whole_province(std::uint64_t dossiers, const std::filesystem::path& path) {
  const double before = heap_bytes();
  Province province;
  province.grow_to(dossiers);
  std::vector<Figure> figures;
  figures.push_back(ceiling("served_memory", (heap_bytes() - before) / (1 << 20U), "MiB", 2'048,
                            "all dossiers, as a server lets them sleep"));
  const auto log = open_scratch_log(path);
  server::FoldedCheckpoints checkpoints(log->checkpoints(), server::Folded{});
  const double begin = wall_seconds();
  CHECK(checkpoints.save(province.folded()), "the scratch disk works");
  figures.push_back(
      ceiling("served_checkpoint", wall_seconds() - begin, "s", 60, "the first one of all"));
  const double restart = wall_seconds();
  const server::Folded restored = server::restore_checkpoint(log->checkpoints());
  CHECK(restored.state.applied() == province.folded().state.applied(), "it was saved");
  figures.push_back(
      ceiling("served_restore", wall_seconds() - restart, "s", 5, "reading it back, wall clock"));
  return figures;
}

}  // namespace

std::vector<Figure> measure_size(const Effort& effort) {
  if (effort.served_dossiers > 0) {
    return whole_province(effort.served_dossiers, effort.directory / "served-log");
  }
  std::vector<Figure> figures;
  const auto add = [&](const char* name, double value, const char* unit, double target,
                       const char* note) {
    figures.push_back(ceiling(name, value, unit, target, note));
  };
  Province province;
  province.rest(false);
  const std::uint64_t half = effort.size_dossiers / 2;
  province.grow_to(half);
  const double at_half = heap_bytes();
  province.grow_to(effort.size_dossiers);
  const auto dossiers = static_cast<double>(province.judging().dossiers().all().size());
  const double open = (heap_bytes() - at_half) / (dossiers - static_cast<double>(half));
  add("open_dossier", open, "bytes", 400, "state, a copy of it, and views; persons and all");

  add("copy_state",
      microseconds(50,
                   [&] {
                     const projections::State copy = province.judging();
                     CHECK(copy.applied().value > 0, "a copy is as it was");
                   }),
      "µs", 100, "a copy for the projection thread or a device's pull");
  const double scan = scanned_totals(province);
  Figure live = ceiling("live_totals_change", live_totals(province), "µs", 1e4,
                        "a look at every dossier for each of 1,000 subscribers");
  live.baseline = scan;
  live.ratio = live.value / scan;
  figures.push_back(live);

  const double before_rest = heap_bytes();
  province.rest_all();
  const double closed = open - (before_rest - heap_bytes()) / dossiers;
  add("closed_dossier", closed, "bytes", 80, "the same asleep, persons and documents and all");
  add("wake_dossier", wake_one(province, static_cast<std::size_t>(dossiers)), "µs", 200,
      "a look at a dossier that sleeps");

  const auto log = open_scratch_log(effort.directory / "size-log");
  {
    server::FoldedCheckpoints checkpoints(log->checkpoints(), server::Folded{});
    double start = wall_seconds();
    const auto whole = checkpoints.save(province.folded());
    CHECK(whole, "the scratch disk works");
    add("checkpoint_whole", (wall_seconds() - start) * 1e3, "ms", 60'000, "the first one");
    province.rest(true);
    for (int push = 0; push < 100; ++push) province.push(events_a_push);
    start = wall_seconds();
    const auto next = checkpoints.save(province.folded());
    CHECK(next, "the scratch disk works");
    add("checkpoint_next", (wall_seconds() - start) * 1e3, "ms", 1'000, "10,000 events later");
    add("checkpoint_next_part", static_cast<double>(*next) / static_cast<double>(*whole) * 100, "%",
        20, "of the bytes of the first one");
  }
  const double start = thread_cpu_seconds();
  const server::Folded restored = server::restore_checkpoint(log->checkpoints());
  const double seconds = thread_cpu_seconds() - start;
  CHECK(restored.state.applied() == province.folded().state.applied(), "it was saved");
  const double five_years = 5 * province_dossiers_a_year;
  add("restore", seconds * 1e3, "ms", 5'000, "reading the last checkpoint, processor time");
  add("restore_5_years", seconds / dossiers * five_years, "s", 5, "extrapolated by dossiers");
  add("memory_5_years",
      (closed * 4 * province_dossiers_a_year + open * province_dossiers_a_year) / (1 << 20U), "MiB",
      2'048, "a mean province, four years asleep: extrapolated by dossiers");
  add("memory_hanoi", open * 3.4 * province_dossiers_a_year / (1 << 20U), "MiB", 2'048,
      "one year, all of it awake: extrapolated by dossiers");
  return figures;
}

}  // namespace bench

#include "clients/core/acts/evidence.h"
#include "events/base/check.h"
#include "events/log/event.h"
#include "events/protocol/frame_codec.h"
#include "platform/clock.h"
#include "tools/bench/field_devices.h"
#include "tools/bench/measure.h"
#include "tools/bench/wire_sum.h"
#include "tools/link/relay_thread.h"

#include <algorithm>
#include <limits>
#include <random>
#include <string>

namespace bench {
namespace {

namespace acts = clients::acts;
namespace protocol = events::protocol;
using link_emulator::RelayThread;
using pilot::need;

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
constexpr std::uint32_t photo_bytes = 300'000;
constexpr int photo_cuts = 3;
constexpr std::size_t urgent_events = 12;

link_emulator::Profile design_line() {
  return link_emulator::read_profile(link_emulator::design_line).value();
}

// ---- the pilot's registrations ----

/// Of what the device has recorded and not yet sent.
WireSum sum_waiting(clients::Device& device) {
  const clients::OfflineLog& own = device.replica().own();
  std::vector<std::uint64_t> cuts;
  return sum_pushed(own.cut(own.verdicts_known() + 1, own.head().seq, all, &cuts).value());
}

/// Bytes of the private records that waiting events name, in frames.
double private_bytes_waiting(clients::Device& device) {
  const clients::OfflineLog& own = device.replica().own();
  double bytes = 0;
  for (std::uint64_t seq = own.verdicts_known() + 1; seq <= own.head().seq; ++seq) {
    const auto digest = events::private_digest_of(own.entry(seq).event.payload);
    if (!digest) continue;
    auto record = need(device.replica().store().private_record(*digest), "a private record");
    protocol::PrivateRecords frame;
    frame.records.push_back(std::move(record.value()));
    bytes += static_cast<double>(protocol::encode_frame(frame).size());
  }
  return bytes;
}

std::vector<Figure> measure_registrations(FieldDevices& field) {
  RelayThread line(field.server().port(), design_line());
  const std::string url = field.server().through(line.port()).url;
  WireSum sum;
  double privates = 0;
  double seconds = 0;
  std::size_t citizens = 0;
  for (std::size_t commune = 0; commune < field.communes(); ++commune) {
    citizens += field.register_citizens(commune, 2020, all).citizens;
    clients::Device& device = field.commune(commune);
    sum += sum_waiting(device);
    privates += private_bytes_waiting(device);
    const double start = wall_seconds();
    const clients::SyncReport report = need(device.sync(url, {}), "a commune's registrations");
    CHECK(report.progress.synced(), "every registration has its answer");
    seconds += wall_seconds() - start;
  }
  const std::string whole = std::to_string(citizens) + " citizens, " +
                            std::to_string(static_cast<int>(sum.events)) +
                            " events, three communes; ";
  return {
      ceiling("pilot_push_excess", sum.excess(), "B", 12,
              whole + "an event, without digests and signatures"),
      ceiling("pilot_push_kilobytes", sum.bytes / 1000, "KB",
              (32 * sum.digests + 64 * sum.signatures + 12 * sum.events) / 1000,
              "their blocks; the target is 32 a digest, 64 a signature, 12 an event"),
      // What nobody can compress away: names and papers, each with its salt.
      ceiling("pilot_private_kilobytes", privates / 1000, "KB", 0.2 * static_cast<double>(citizens),
              "private records beside; 200 B a citizen"),
      ceiling("pilot_push_seconds", seconds, "s", (sum.bytes + privates) / 7'500 + 3 * 3.0,
              "three devices one after the other; the line's rate and 3 s a connection"),
  };
}

// ---- photos ----

events::Bytes noise(std::uint32_t bytes, std::uint32_t seed) {
  std::mt19937 random(seed);
  events::Bytes noise(bytes);
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
  return noise;
}

events::EvidenceRecord a_paper() { return {"Giấy chứng nhận", "", ""}; }

/// Records what `act(draft, occasion, dossier)` adds about the first dossier, by the first officer
/// of the device who may.
template <class Act>
clients::Recorded record_about_a_dossier(clients::Device& device, Act act) {
  clients::Workspace& workspace = device.workspace();
  const auto& dossiers = workspace.pending().dossiers().all();
  CHECK(dossiers.size() > 0, "citizens are registered");
  const events::DossierId dossier = dossiers.begin()->id;
  const events::Day today = events::day_in_vietnam(platform::now());
  acts::Draft draft(workspace);
  for (const events::PersonId officer : device.replica().identity().persons) {
    draft = acts::Draft(workspace);
    act(draft, acts::Occasion{officer, [today] { return acts::Stamp{today, {}}; }}, dossier);
    if (workspace.has_role_for(draft.requests().front())) break;
  }
  return need(workspace.record(draft.requests().front(), platform::now()), "an event");
}

void attach_photo(clients::Device& device, std::uint32_t bytes, std::uint32_t seed) {
  const events::Bytes photo = noise(bytes, seed);
  const events::Digest digest = events::sha256(photo);
  need(device.files().put(digest, photo), "a photo");
  const acts::EvidenceFiles files{{digest, bytes, events::MediaType::jpeg}, {}};
  record_about_a_dossier(device, [&](auto& draft, const auto& now, events::DossierId dossier) {
    const acts::Evidence evidence{dossier, events::EvidenceKind::photo, 0, {}, a_paper()};
    acts::attach_evidence(draft, now, evidence, files).value();
  });
}

Figure measure_photo(FieldDevices& field) {
  clients::Device& device = field.commune(0);
  attach_photo(device, photo_bytes, 1);
  need(device.file_records().set_policy(clients::OriginalsPolicy::asked), "the policy");
  // It remembers the line of the measurement before, which is gone.
  need(device.sync(field.server().through(field.server().port()).url, {}),
       "the event before the photo");
  need(device.file_records().set_policy(clients::OriginalsPolicy::always), "the policy");
  RelayThread line(field.server().port(), design_line());
  clients::SyncOptions options;
  std::uint64_t cut_at = photo_bytes / (photo_cuts + 1);
  int cuts = 0;
  options.on_files = [&](const clients::FileProgress& files) {
    if (cuts == photo_cuts || files.bytes_sent < cut_at) return;
    ++cuts;
    line.cut_all();
    // The next connection counts from nought.
    cut_at = photo_bytes / (photo_cuts + 1);
  };
  const clients::SyncReport report =
      need(device.sync(field.server().through(line.port()).url, options), "the photo");
  CHECK(cuts == photo_cuts && report.files.files_sent == 1, "the photo came over in four parts");
  return ceiling("photo_kilobytes", static_cast<double>(line.carried().up) / 1000, "KB", 348,
                 "a photo of 300 KB with three cuts, all bytes up, four TLS connections");
}

Figure measure_urgent(FieldDevices& field) {
  clients::Device& device = field.commune(1);
  for (std::uint32_t seed = 10; seed < 14; ++seed) attach_photo(device, 150'000, seed);
  need(device.file_records().set_policy(clients::OriginalsPolicy::always), "the policy");
  RelayThread line(field.server().port(), design_line());

  std::vector<double> waits;
  std::uint64_t waiting_for = 0;
  double recorded_at = 0;
  double next_at = 0;
  clients::SyncOptions options;
  options.live = true;
  options.keep_going = [&] {
    if (waiting_for != 0 && device.replica().own().verdicts_known() >= waiting_for) {
      waits.push_back(wall_seconds() - recorded_at);
      waiting_for = 0;
      next_at = wall_seconds() + 1.3;
    }
    return waits.size() < urgent_events;
  };
  options.on_files = [&](const clients::FileProgress& files) {
    const bool photos_flow = files.bytes_sent > 40'000 && files.bytes_to_send > 20'000;
    if (!photos_flow || waiting_for != 0 || wall_seconds() < next_at) return;
    const clients::Recorded recorded = record_about_a_dossier(device, [](auto& draft,
                                                                         const auto& now,
                                                                         events::DossierId
                                                                             dossier) {
      const acts::Evidence evidence{dossier, events::EvidenceKind::certificate, 1, {}, a_paper()};
      acts::sight_evidence(draft, now, evidence).value();
    });
    waiting_for = recorded.id.seq();
    recorded_at = wall_seconds();
  };
  need(device.sync(field.server().through(line.port()).url, options), "photos and urgent events");
  return ceiling("urgent_seconds", percentile(waits, 1), "s", 0.5 + 0.6,
                 "worst of 12 recorded while photos flow, until the verdict is on the device: "
                 "0.5 s and a round trip");
}

}  // namespace

std::vector<Figure> measure_field(const Effort& effort) {
  FieldDevices field(effort.directory / "field");
  std::vector<Figure> figures = measure_registrations(field);
  figures.push_back(measure_photo(field));
  figures.push_back(measure_urgent(field));
  return figures;
}

}  // namespace bench

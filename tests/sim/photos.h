#pragma once

#include "tests/sim/random.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sim {

/// Officers who attach photos of papers, and what befalls the files: lines that break in their
/// middle, crashes of both sides between two steps of a file, and flash that wears out.
///
/// They draw from a stream of their own and play in a third of the seeds, so that the days of the
/// others are what they were.
class Photos {
 public:
  using Trace = std::function<void(const char* what, const std::string& who)>;

  /// Lifetime: the references outlive this object.
  Photos(World& world, std::uint64_t seed, Tally& tally, Trace trace);

  void step();
  /// Everybody has come to rest: each meets the server once more, for what it would not take at
  /// their last meeting, until all that may travel has.  Then looks at everything.
  void rest();

 private:
  void play();
  void meet();
  void attach(Device& device);
  void fault();
  void wear_out(Device& device);
  void take_again(Device& device);
  void ask_for_original(Device& device);
  void cut_within_file();
  void record(Device& device, const Officer& officer, events::DossierId dossier,
              const events::Bytes& original, const events::Bytes& thumbnail);
  events::Bytes a_picture(std::uint64_t least, std::uint64_t greatest);
  Device& some_device() { return *random_.pick(world_.devices()); }
  Device& some_device_with_files();

  World& world_;
  Random random_;
  Tally& tally_;
  Trace trace_;
  bool play_;
  std::vector<events::Bytes> pictures_;
  std::map<events::Digest, events::Bytes> paper_;  // What is on it, whatever became of the file.
};

}  // namespace sim

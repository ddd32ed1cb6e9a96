import { lorry, tipper } from './lorries.ts';
import { excavator, loader } from './machines.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';
import { car, pickup, van } from './road-vehicles.ts';
import type { Vehicle } from './vehicle.ts';

/** Any vehicle of a site; cars and excavators are the most common. */
export function inventVehicle(random: Random, palette: Palette): Vehicle {
  const build = random.pick([car, car, van, pickup, lorry, tipper, excavator, excavator, loader]);
  return build(random, palette);
}

import { isMoving, parseImage } from '../checks/container-image.ts';
import { driverContainersOf, refToDriver } from '../checks/installation-pods.ts';
import { defineCheck } from '../define-check.ts';

export const driverImagePinned = defineCheck({
  id: 'driver-image-pinned',
  category: 'validation',
  severity: 'medium',
  component: 'driver',
  title: 'Images of drivers are pinned',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations'],
  consults: [],
  steps: [
    'Find the digest that runs now: `kubectl get pods -n NAMESPACE -o jsonpath="{..imageID}"`.',
    'Name it in the values of the chart (`controller.driver.image` and `node.driver.image`), by digest where that is possible, else by the tag of a release.',
    'Upgrade the release, and from then on change the image only on purpose.',
  ],

  *inspect({ installations }) {
    for (const installation of installations) {
      const images = [
        ...new Set(driverContainersOf(installation).map(({ image }) => image)),
      ].toSorted();
      if (images.length === 0) continue;
      const moving = images.filter((image) => isMoving(parseImage(image)));
      yield {
        subject: refToDriver(installation),
        sound: moving.length === 0,
        seen:
          moving.length === 0
            ? `runs ${images.join(', ')}`
            : `runs ${moving.join(', ')}: the next restart of a pod may bring another build`,
      };
    }
  },
});

import { RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import { type ImageLock, repositoryOf } from './images.ts';

// Far more than the versions that executions still running may be pinned to.
const KEPT_IMAGES = 50;

/** Where the task images lie: one repository each, scanned when pushed, tags that never move. */
export class Registry extends Construct {
  constructor(scope: Construct, id: string, { stage, images }: { stage: Stage; images: ImageLock }) {
    super(scope, id);
    for (const image of Object.keys(images.images)) {
      const repository = new Repository(this, image, {
        repositoryName: repositoryOf(image, images, stage),
        imageScanOnPush: true,
        imageTagMutability: TagMutability.IMMUTABLE,
        encryption: RepositoryEncryption.AES_256,
        // Images can be built again, and a repository with images in it can't be deleted anyway.
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      });
      repository.addLifecycleRule({ description: `the newest ${KEPT_IMAGES} are kept`, maxImageCount: KEPT_IMAGES });
    }
  }
}

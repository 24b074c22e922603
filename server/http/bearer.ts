/** The device's secret from `Authorization: Bearer …`. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{16,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
